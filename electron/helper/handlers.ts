import type { Change, ChangeKind, ChangeOf } from '#shared/plan/change.ts'
import type { Before, JournalEntry } from '#shared/plan/journal.ts'
import { bindDriver } from './changes/bind-driver.ts'
import { buildProofGuest } from './changes/build-proof-guest.ts'
import { copyFirmwareVars } from './changes/copy-firmware-vars.ts'
import { createDiskImage } from './changes/create-disk-image.ts'
import { grantDeviceAccess } from './changes/grant-device-access.ts'
import { grantNodeAccess } from './changes/grant-node-access.ts'
import { kernelArgs } from './changes/kernel-args.ts'
import { loadModule } from './changes/load-module.ts'
import { overrideDriver } from './changes/override-driver.ts'
import { rebuildInitramfs, updateBootloader } from './changes/regenerate.ts'
import { reserveHugePages } from './changes/reserve-huge-pages.ts'
import { writeFile } from './changes/write-file.ts'
import type { HandlerOf, Reverted, Work } from './handler.ts'
import { createTap } from './network/create-tap.ts'
import { guardNetwork } from './network/guard-network.ts'
import { switchNetwork } from './network/switch-network.ts'

const HANDLERS: { readonly [K in ChangeKind]: HandlerOf<K> } = {
  'write-file': writeFile,
  'rebuild-initramfs': rebuildInitramfs,
  'update-bootloader': updateBootloader,
  'kernel-args': kernelArgs,
  'load-module': loadModule,
  'override-driver': overrideDriver,
  'bind-driver': bindDriver,
  'grant-device-access': grantDeviceAccess,
  'grant-node-access': grantNodeAccess,
  'build-proof-guest': buildProofGuest,
  'guard-network': guardNetwork,
  'switch-network': switchNetwork,
  'create-tap': createTap,
  'create-disk-image': createDiskImage,
  'copy-firmware-vars': copyFirmwareVars,
  'reserve-huge-pages': reserveHugePages,
}

/** The four actions on one change, with its kind resolved. */
export interface BoundHandler {
  check(work: Work): Promise<void>
  capture(work: Work): Promise<Before>
  apply(work: Work): Promise<void>
  revert(work: Work, entry: JournalEntry): Promise<Reverted>
}

function bound<K extends ChangeKind>(handler: HandlerOf<K>, change: ChangeOf<K>): BoundHandler {
  return {
    check: (work) => handler.check(work, change),
    capture: (work) => handler.capture(work, change),
    apply: (work) => handler.apply(work, change),
    revert: (work, entry) => handler.revert(work, change, entry),
  }
}

/** The handler of a change. The switch is what lets the compiler see that kind and handler belong together. */
export function handlerOf(change: Change): BoundHandler {
  switch (change.kind) {
    case 'write-file':
      return bound(HANDLERS[change.kind], change)
    case 'rebuild-initramfs':
      return bound(HANDLERS[change.kind], change)
    case 'update-bootloader':
      return bound(HANDLERS[change.kind], change)
    case 'kernel-args':
      return bound(HANDLERS[change.kind], change)
    case 'load-module':
      return bound(HANDLERS[change.kind], change)
    case 'override-driver':
      return bound(HANDLERS[change.kind], change)
    case 'bind-driver':
      return bound(HANDLERS[change.kind], change)
    case 'grant-device-access':
      return bound(HANDLERS[change.kind], change)
    case 'grant-node-access':
      return bound(HANDLERS[change.kind], change)
    case 'build-proof-guest':
      return bound(HANDLERS[change.kind], change)
    case 'guard-network':
      return bound(HANDLERS[change.kind], change)
    case 'switch-network':
      return bound(HANDLERS[change.kind], change)
    case 'create-tap':
      return bound(HANDLERS[change.kind], change)
    case 'create-disk-image':
      return bound(HANDLERS[change.kind], change)
    case 'copy-firmware-vars':
      return bound(HANDLERS[change.kind], change)
    case 'reserve-huge-pages':
      return bound(HANDLERS[change.kind], change)
  }
}
