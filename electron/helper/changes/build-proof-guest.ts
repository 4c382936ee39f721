import { ProblemError } from '#shared/base/problem.ts'
import { PROOF_INIT } from '#shared/facts/guest-report.ts'
import { assertCallersGroup } from '../allow-list/accounts.ts'
import { assertKernelImage, assertNoSymlink, assertVmDirectory, missingParents } from '../allow-list/paths.ts'
import { type HandlerOf, REVERTED } from '../handler.ts'
import { agentMembers } from '../proof-guest/agent-bundle.ts'
import { cpioArchive } from '../proof-guest/cpio.ts'
import { PROOF_SCRIPT } from '../proof-guest/proof-script.ts'
import { userland } from '../proof-guest/userland.ts'

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
    await assertNoSymlink(system, change.directory)
    if ((await system.state(change.kernel))?.kind !== 'file') throw vanished(change.kernel)
  },

  async capture({ system, backups }, change) {
    const outputs = outputsOf(change.directory)
    const files = []
    for (const path of outputs) files.push(await backups.save(path))
    return { files, createdDirectories: await missingParents(system, outputs[0] ?? ''), values: {} }
  },

  async apply({ system }, change) {
    const kernel = await system.bytes(change.kernel)
    if (kernel === null) throw vanished(change.kernel)
    const script = { name: PROOF_INIT, mode: REGULAR_EXECUTABLE, data: encoder.encode(PROOF_SCRIPT) }
    const agent = await agentMembers(system, releaseOf(change.kernel))
    const initramfs = cpioArchive([...(await userland(system)), script, ...agent])
    const [kernelOut = '', initrdOut = '', noteOut = ''] = outputsOf(change.directory)
    for (const parent of await missingParents(system, kernelOut))
      await system.makeDirectory(parent, { mode: 0o755, uid: 0, gid: 0 })
    const owner = { mode: 0o640, uid: 0, gid: change.gid }
    await system.writeAtomic(kernelOut, kernel, owner)
    await system.writeAtomic(initrdOut, initramfs, owner)
    await system.writeAtomic(noteOut, encoder.encode(change.note), { ...owner, mode: 0o644 })
  },

  async revert(work, _change, entry) {
    await work.backups.restoreAll(entry.before.files)
    return REVERTED
  },
}

/** `/boot/vmlinuz-RELEASE`, or `/usr/lib/modules/RELEASE/vmlinuz`. */
function releaseOf(kernel: string): string {
  const [, inBoot, besideModules] = /\/vmlinuz-([^/]+)$|\/([^/]+)\/vmlinuz$/u.exec(kernel) ?? []
  return inBoot ?? besideModules ?? ''
}

function vanished(kernel: string): ProblemError {
  return new ProblemError('conflict', `${kernel} is not there; the proof guest is made from it.`, {
    hint: 'Check again; a kernel update may be under way.',
  })
}
