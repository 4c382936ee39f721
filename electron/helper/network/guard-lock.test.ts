import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { untilGone } from '#host/exec/alive.fixture.ts'
import type { Change } from '#shared/plan/change.ts'
import { OwnHost } from '../ending/own-host.fixture.ts'

const NOTE = '/run/passthrough-studio/helper.lock'
const HELD = '/run/passthrough-studio/helper.held'
const LOAD: Change = { kind: 'load-module', module: 'vfio-pci' }

/** Runs a guard to its end beside what holds the lock of this host. */
async function guardOn(own: OwnHost): Promise<string> {
  const guard = own.start('electron/helper/network/guard-lock.child.fixture.ts')
  let said = ''
  guard.stdout.on('data', (piece: Buffer) => (said += String(piece)))
  await once(guard, 'exit')
  return said
}

/** A process that has the kernel's lock and the note of it, and ends when it is asked to. */
async function holderOn(own: OwnHost, noted: (pid: number | undefined) => number | undefined): Promise<ChildProcess> {
  await own.put(HELD, '')
  const script = 'exec 9<>"$0"; flock 9; trap "exit 0" TERM; touch "$0.begun"; while :; do sleep 0.1; done'
  const holder = spawn('sh', ['-c', script, join(own.root, HELD)])
  await own.untilThere(`${HELD}.begun`)
  await own.put(NOTE, String(noted(holder.pid)))
  return holder
}

describe.runIf(getuid?.() === 0)('The guard of a new network goes on', () => {
  it('once who is at work has ended, which it is asked for', async () => {
    const own = await OwnHost.make()
    // ending.test.ts shows that a helper takes its plan back then.
    const ended = once(await holderOn(own, (pid) => pid), 'exit')
    expect(await guardOn(own)).toBe('goes on')
    expect(await ended).toEqual([0, null])
  })

  it('although a helper hangs in a tool, and ends both', async () => {
    const own = await OwnHost.make()
    await own.tool('modprobe', 'echo $$ > /run/begun; exec sleep 1000')
    const helper = own.apply('kernel', [LOAD])
    await own.untilThere('/run/begun')
    const ended = once(helper, 'exit')
    expect(await guardOn(own)).toBe('goes on')
    expect(await ended).toEqual([null, 'SIGKILL'])
    await untilGone(Number(await own.text('/run/begun')))
  })

  it('and ends no process that was only given the number of a helper that is gone', async () => {
    const own = await OwnHost.make()
    const stranger = spawn('sleep', ['1000'])
    const holder = await holderOn(own, () => stranger.pid)
    const before = new Date(Date.now() - 3_600_000)
    await utimes(join(own.root, NOTE), before, before)
    expect(await guardOn(own)).toBe('goes on')
    for (const alive of [stranger, holder]) {
      expect(alive).toMatchObject({ exitCode: null, signalCode: null })
      expect(alive.kill()).toBe(true)
    }
  })
})
