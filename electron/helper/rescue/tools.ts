import type { Change } from '../../../shared/change.ts'

/**
 * Commands that take a change back where putting files back is not enough: arguments that a tool keeps in places of its
 * own, and copies on partitions that are not mounted. They need the running machine.
 */
export function rescueCommands(change: Change): string[][] {
  if (change.kind === 'kernel-args' && change.tool === 'rpm-ostree')
    return [['rpm-ostree', 'kargs', ...change.args.map((arg) => `--delete-if-present=${arg}`)]]
  if (change.kind === 'rebuild-initramfs' && change.tool === 'rpm-ostree')
    return [['rpm-ostree', 'initramfs', '--disable']]
  if (change.kind !== 'update-bootloader' && change.kind !== 'rebuild-initramfs') return []
  if (change.tool === 'proxmox-boot-tool') return [['proxmox-boot-tool', 'refresh']]
  if (change.tool === 'sdbootutil') return [['sdbootutil', 'update-all-entries']]
  return []
}
