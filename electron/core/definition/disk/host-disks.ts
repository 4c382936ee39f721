import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { WholeDisk } from '#shared/facts/peripherals.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'

const GIB = 1_073_741_824

/** Whole disks of the host, each with why it cannot go to the VM. */
export function diskOptions({ peripherals: { disks } }: Facts): DefinitionView['disks'] {
  return isUnknown(disks) ? [] : disks.map(diskOption)
}

function diskOption({ name, model, sizeBytes, path, use }: WholeDisk): DefinitionView['disks'][number] {
  const size = `${(sizeBytes / GIB).toFixed(sizeBytes < 10 * GIB ? 1 : 0)} GiB`
  const nameless = 'udev gives it no name that lasts, so it could be another disk after the next boot.'
  return {
    path,
    title: `${model ?? name}, ${size}`,
    text: `/dev/${name}`,
    blocked: use ?? (path === null ? nameless : null),
  }
}
