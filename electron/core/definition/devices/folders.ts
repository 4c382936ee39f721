import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import { folderAt } from '../hardware/root-bus.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'

/** QEMU's end of a shared folder. */
const DEVICE = 'vhost-user-fs-pci'

const NO_NAMESPACES =
  'This kernel lets no ordinary user make namespaces, which keep virtiofsd to its directory (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone).'

/** Why no directory of this host can be shared with a guest; null: it can. */
export function sharingBlocked({ tools }: Pick<Facts, 'tools'>, qemu: QemuFacts): string | null {
  if (!qemu.devices.includes(DEVICE)) return `This QEMU has no ${DEVICE}.`
  if (
    qemu.machineProperties?.includes('memory-backend') !== true ||
    qemu.objects?.includes('memory-backend-memfd') !== true
  )
    return 'This QEMU is too old to share the guest’s memory.'
  if (qemu.sharing !== null) return qemu.sharing.namespaces ? null : NO_NAMESPACES
  return tools['virtiofsd'] === true
    ? 'The virtiofsd that is installed runs as root only; newer ones, which are written in Rust, do not.'
    : 'virtiofsd is not installed here.'
}

/** Shared folders. The dry start leaves them out: nobody serves them then. */
export function folderArguments({ definition, withHost, paths }: ArgumentContext): ArgumentGroup[] {
  if (!withHost) return []
  return definition.sharedFolders.map(({ number, tag, readOnly }) => ({
    reason: `A directory of the host that the guest mounts as ${tag}${readOnly ? ', and cannot write to' : ''}; virtiofsd serves it.`,
    args: [
      ...['-chardev', `socket,id=folder${number},path=${optionValue(paths.folder(number))}`],
      ...['-device', `${DEVICE},chardev=folder${number},tag=${tag}${folderAt(definition, number)}`],
    ],
  }))
}
