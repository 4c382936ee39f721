import type { ChangeKind, Of } from '#shared/plan/change.ts'
import { makeAnswerDisc, removeAnswerDisc } from './changes/answers/answer-disc.ts'
import { kernelArgs } from './changes/boot/kernel-args.ts'
import { rebuildInitramfs, updateBootloader } from './changes/boot/regenerate.ts'
import { buildProofGuest } from './changes/build-proof-guest.ts'
import { copyFirmwareVars } from './changes/copy-firmware-vars.ts'
import { createDiskImage } from './changes/create-disk-image.ts'
import { createTap, grantDeviceAccess, grantNodeAccess, reserveHugePages } from './changes/former.ts'
import { removeFile } from './changes/former-files/remove-file.ts'
import { setVirtualFunctions } from './changes/sriov/set-virtual-functions.ts'
import { writeFile } from './changes/write-file.ts'
import { bindDriver } from './drivers/bind-driver.ts'
import { giveBack } from './drivers/give-back.ts'
import { loadModule } from './drivers/load-module.ts'
import { overrideDriver } from './drivers/override-driver.ts'
import type { Handler, HandlerOf } from './handler.ts'
import { guardNetwork } from './network/guard-network.ts'
import { switchNetwork } from './network/switch-network.ts'

const HANDLERS: { readonly [K in ChangeKind]: HandlerOf<K> } = {
  'write-file': writeFile,
  'remove-file': removeFile,
  'rebuild-initramfs': rebuildInitramfs,
  'update-bootloader': updateBootloader,
  'kernel-args': kernelArgs,
  'load-module': loadModule,
  'override-driver': overrideDriver,
  'bind-driver': bindDriver,
  'set-virtual-functions': setVirtualFunctions,
  'give-back': giveBack,
  'grant-device-access': grantDeviceAccess,
  'grant-node-access': grantNodeAccess,
  'build-proof-guest': buildProofGuest,
  'guard-network': guardNetwork,
  'switch-network': switchNetwork,
  'create-tap': createTap,
  'create-disk-image': createDiskImage,
  'copy-firmware-vars': copyFirmwareVars,
  'make-answer-disc': makeAnswerDisc,
  'remove-answer-disc': removeAnswerDisc,
  'reserve-huge-pages': reserveHugePages,
}

/** The handler of a change. That kind and handler belong together, the compiler sees by `Of`. */
export function handlerOf<K extends ChangeKind>(change: Of<K>): Handler<Of<K>> {
  return HANDLERS[change.kind]
}
