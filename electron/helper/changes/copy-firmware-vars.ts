import { ProblemError } from '#shared/base/problem.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { assertFirmware, assertNoSymlink, assertVmStorage } from '../allow-list/paths.ts'
import type { HandlerOf } from '../handler.ts'
import { captureGuestFile, makeGuestFile, revertGuestFile } from './guest-file.ts'

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
      const bytes = await system.bytes(change.template)
      if (bytes === null || bytes.length > FLASH_BYTES)
        throw new ProblemError('conflict', `${change.template} is not a variable store.`, {
          hint: 'Install the firmware package again (ovmf, edk2-ovmf), then check again.',
        })
      await system.writeAtomic(change.path, bytes, { mode: 0o600, uid: change.uid, gid: change.gid })
    }),

  revert: (work, change, entry) => revertGuestFile(work, change.path, entry),
}
