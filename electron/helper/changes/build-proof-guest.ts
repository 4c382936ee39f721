import { ProblemError } from '#shared/base/problem.ts'
import { PROOF_INIT } from '#shared/facts/guest-report.ts'
import { assertCallersGroup } from '../allow-list/accounts.ts'
import {
  assertInitramfsImage,
  assertKernelImage,
  assertNoSymlink,
  assertVmDirectory,
  missingParents,
} from '../allow-list/paths.ts'
import { type HandlerOf, REVERTED } from '../handler.ts'
import { isPublic } from '../journal/contents.ts'
import { agentMembers } from '../proof-guest/agent-bundle.ts'
import { concatenate, cpioArchive, padding } from '../proof-guest/cpio.ts'
import { PROOF_SCRIPT } from '../proof-guest/proof-script.ts'

const REGULAR_EXECUTABLE = 0o100755
const encoder = new TextEncoder()

const outputsOf = (directory: string) => [
  `${directory}/proof-kernel`,
  `${directory}/proof-initrd.img`,
  `${directory}/proof-guest.json`,
]

export const buildProofGuest: HandlerOf<'build-proof-guest'> = {
  async check(work, change) {
    const { system } = work
    assertVmDirectory(change.directory)
    await assertCallersGroup(work, change.gid, `The proof guest in ${change.directory} is made`)
    assertKernelImage(change.kernel)
    assertInitramfsImage(change.initrd)
    await assertNoSymlink(system, change.directory)
    for (const path of [change.kernel, change.initrd]) {
      if ((await system.state(path))?.kind === 'file') continue
      throw new ProblemError('conflict', `${path} is not there; the proof guest is made from it.`, {
        hint: 'Check again; a kernel update may have replaced it.',
      })
    }
    if (!(await isPublic(system, change.initrd, (await system.state(change.initrd))?.mode ?? 0))) {
      throw new ProblemError(
        'refused',
        `${change.initrd} is readable by root only, so it may hold keys; it is not copied for a VM.`,
        { hint: 'Choose a disk image in step 8 instead of the proof guest.' },
      )
    }
  },

  async capture({ system, backups }, change) {
    const outputs = outputsOf(change.directory)
    const files = []
    for (const path of outputs) files.push(await backups.save(path))
    return { files, createdDirectories: await missingParents(system, outputs[0] ?? ''), values: {} }
  },

  async apply({ system }, change) {
    const [kernel, initrd] = [await system.bytes(change.kernel), await system.bytes(change.initrd)]
    if (kernel === null || initrd === null)
      throw new ProblemError('conflict', `${change.kernel} or ${change.initrd} vanished.`, {
        hint: 'Check again; a kernel update may be under way.',
      })
    const [kernelOut = '', initrdOut = '', noteOut = ''] = outputsOf(change.directory)
    for (const parent of await missingParents(system, kernelOut))
      await system.makeDirectory(parent, { mode: 0o755, uid: 0, gid: 0 })
    const owner = { mode: 0o640, uid: 0, gid: change.gid }
    const release = change.kernel.slice(change.kernel.indexOf('vmlinuz-') + 'vmlinuz-'.length)
    const script = { name: PROOF_INIT, mode: REGULAR_EXECUTABLE, data: encoder.encode(PROOF_SCRIPT) }
    const added = cpioArchive([script, ...(await agentMembers(system, release))])
    await system.writeAtomic(kernelOut, kernel, owner)
    await system.writeAtomic(initrdOut, concatenate([initrd, padding(initrd.length), added]), owner)
    await system.writeAtomic(noteOut, encoder.encode(change.note), { ...owner, mode: 0o644 })
  },

  async revert(work, _change, entry) {
    await work.backups.restoreAll(entry.before.files)
    return REVERTED
  },
}
