import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { VIEWER_WAIT_SECONDS } from '#core/definition/disk/installation.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { WAITS_FOR_VIEWER } from '#vm/own/words.ts'
import { processesWith } from '../prepared.ts'
import { type StartableVm, startableVm } from '../startable-vm.ts'
import { untilListens } from '../until-answers.ts'
import { defined, realQemu, workstation } from '../workstation.ts'
import { spiceViewer } from './spice-viewer.ts'

const qemu = await realQemu()
const facts = await workstation(qemu)
const disk = { kind: 'new', format: 'qcow2', sizeGiB: 1 } as const

/** A VM with an installation disc, which has nothing on it. */
async function installing(chosen: { spice?: boolean } = {}): Promise<StartableVm> {
  const installIso = join(await temporaryDirectory('disc'), 'install.iso')
  await writeFile(installIso, Buffer.alloc(65_536))
  const small = { memoryMiB: 256, vcpus: 1, disk, bios: true, pin: false, tpm: false } as const
  const machine = await startableVm(defined(facts, { ...small, profile: 'windows-10', installIso, ...chosen }), qemu)
  // Here it waits without end, so that nothing but a viewer lets it go on.
  const script = await readFile(machine.paths.script, 'utf8')
  await writeFile(machine.paths.script, script.replace(`seq ${VIEWER_WAIT_SECONDS}`, 'seq 100000'))
  return machine
}

async function untilRuns(machine: StartableVm): Promise<void> {
  while ((await machine.supervisor().status(machine.definition)).state !== 'running') await sleep(50)
}

async function end(machine: StartableVm): Promise<void> {
  await machine.supervisor().forceOff(machine.definition)
  while ((await processesWith(machine.data)).length > 0) await sleep(50)
  expect(existsSync(machine.paths.waits)).toBe(false)
}

const WAITING = { state: 'starting', detail: WAITS_FOR_VIEWER, error: null, resumable: true }

describe(`a VM with an installation disc on QEMU ${qemu.version}`, () => {
  it('waits until somebody looks at its screen, and then runs', async () => {
    const machine = await installing()
    expect(await machine.supervisor().start(machine.definition)).toContain(WAITS_FOR_VIEWER)
    expect(await machine.supervisor().status(machine.definition)).toMatchObject(WAITING)
    await untilListens(machine.paths.vnc, () => false)
    const viewer = createConnection(machine.paths.vnc)
    await untilRuns(machine)
    viewer.destroy()
    await end(machine)
  })

  it.runIf(qemu.audio?.includes('spice') === true)('counts a SPICE viewer as somebody', async () => {
    const machine = await installing({ spice: true })
    await machine.supervisor().start(machine.definition)
    expect(await machine.supervisor().status(machine.definition)).toMatchObject(WAITING)
    const viewer = await spiceViewer(machine.paths.spice)
    await untilRuns(machine)
    viewer.destroy()
    await end(machine)
  })

  it('runs at once when it is told to go on', async () => {
    const machine = await installing()
    await machine.supervisor().start(machine.definition)
    expect(await machine.supervisor().start(machine.definition)).toBeNull()
    expect(await machine.supervisor().status(machine.definition)).toMatchObject({ state: 'running', error: null })
    await end(machine)
  })

  it('does not wait for anybody once the disc is taken out of its definition', async () => {
    const { definition } = await installing()
    const machine = await startableVm({ ...definition, installIso: null }, qemu)
    expect(await machine.supervisor().start(machine.definition)).toBeNull()
    expect(await machine.supervisor().status(machine.definition)).toMatchObject({ state: 'running' })
    await end(machine)
  })
})
