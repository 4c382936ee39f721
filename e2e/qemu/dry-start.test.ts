import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { dryStart } from '#vm/own/dry-start.ts'
import { processesWith } from './prepared.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 }
const PLACE = 'passthrough-studio-'

const qemu = await realQemu()
const facts = await workstation(qemu)
const possible = getuid?.() === 0 && qemu.firmware.length > 0 && existsSync('/usr/bin/swtpm')

/** What a dry start leaves: directories, and processes that name one. */
async function left(): Promise<string[]> {
  const directories = (await readdir(tmpdir())).filter((name) => name.startsWith(PLACE))
  return [...directories, ...(await processesWith(`${tmpdir()}/${PLACE}`))]
}

describe.runIf(possible)('a dry start that root makes as the VM’s user', () => {
  it('ends its own TPM, and no process whose id that user has put where the TPM’s could be', async () => {
    const vm = { ...defined(facts, { profile: 'windows-11', memoryMiB: 512, vcpus: 1 }), user: NOBODY }
    const victim = spawn('sleep', ['600'], { stdio: 'ignore' })
    const writes = `while :; do for d in ${tmpdir()}/${PLACE}*/run; do echo ${victim.pid ?? 0} > "$d/tpm.pid"; done; done`
    const attacker = spawn('/bin/sh', ['-c', writes], { ...NOBODY, stdio: 'ignore' })
    try {
      // Whether it is accepted is another question: QEMU may have no KVM here, and then never connects to the TPM.
      const asked = await dryStart(vm, { ...facts, session: { ...facts.session, uid: 0 } })
      expect(asked?.said).not.toBe('')
      expect(victim.exitCode).toBeNull()
      expect(victim.signalCode).toBeNull()
    } finally {
      const ended = [once(attacker, 'exit'), once(victim, 'exit')]
      attacker.kill('SIGKILL')
      victim.kill('SIGKILL')
      await Promise.all(ended)
    }
    expect(await processesWith(`${tmpdir()}/${PLACE}`)).toEqual([])
  })

  it('leaves neither a process nor a directory', async () => {
    const vm = { ...defined(facts, { profile: 'windows-11', memoryMiB: 512, vcpus: 1 }), user: NOBODY }
    const before = await left()
    await dryStart(vm, { ...facts, session: { ...facts.session, uid: 0 } })
    expect(await left()).toEqual(before)
  })
})
