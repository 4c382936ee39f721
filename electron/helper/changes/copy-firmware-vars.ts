import { UNFINISHED } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { enrollArguments } from '#shared/plan/kinds/vm.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { assertFirmware, assertNoSymlink, assertVmStorage } from '../allow-list/paths.ts'
import type { HandlerOf, Work } from '../handler.ts'
import { captureGuestFile, makeGuestFile, revertGuestFile } from './guest-file.ts'

type Change = ChangeOf<'copy-firmware-vars'>

/** QEMU's flash holds no more than 8 MiB (hw/i386/pc_sysfw.c). */
const FLASH_BYTES = 8 * 1024 ** 2

export const copyFirmwareVars: HandlerOf<'copy-firmware-vars'> = {
  async check(work, change) {
    const { system } = work
    assertVmStorage(change.path)
    await assertForCaller(work, change, `${change.path} is made`)
    await assertNoSymlink(system, change.path)
    await assertFirmware(system, change.template)
  },

  capture: (work, change) => captureGuestFile(work, change.path),

  /** What a guest stored there before (boot entries, keys) stays: without it the guest may not find its disk. */
  apply: (work, change) =>
    makeGuestFile(work, change, async () => {
      const { system } = work
      if ((await system.state(change.path)) !== null) return
      const bytes = change.enroll === true ? await withKeys(work, change) : await system.bytes(change.template)
      if (bytes === null || bytes.length > FLASH_BYTES)
        throw new ProblemError('conflict', `${change.template} is not a variable store.`, {
          hint: 'Install the firmware package again (ovmf, edk2-ovmf), then check again.',
        })
      await system.writeAtomic(change.path, bytes, { mode: 0o600, uid: change.uid, gid: change.gid })
    }),

  revert: async (work, change, entry) => {
    if (change.enroll === true) await work.system.remove(unfinishedOf(change))
    return revertGuestFile(work, change.path, entry)
  },
}

/** A kill while the tool writes leaves it. */
const unfinishedOf = ({ path }: Change) => `${path}${UNFINISHED}`

/** Returns the template with keys in it, which its tool puts into a file beside the one to be made. */
async function withKeys({ system, log }: Work, change: Change): Promise<Uint8Array | null> {
  await system.run('virt-fw-vars', enrollArguments(change.template, unfinishedOf(change)), { onLine: log })
  return system.bytes(unfinishedOf(change))
}
