import type { Change } from '#shared/plan/change.ts'
import {
  kernelArgsCommand,
  OSTREE_INITRAMFS_OFF,
  regenerateCommand,
  runsAgain,
  type ToolCommand,
} from '#shared/plan/tool-command.ts'

/**
 * Commands that take a change back where putting files back is not enough: arguments that a tool keeps in places of its
 * own, and copies on partitions that are not mounted. They need the running machine.
 */
export function rescueCommands(change: Change): ToolCommand[] {
  if (change.kind === 'kernel-args') return change.tool === 'rpm-ostree' ? [kernelArgsCommand(change, 'back')] : []
  if (change.kind !== 'update-bootloader' && change.kind !== 'rebuild-initramfs') return []
  if (change.tool === 'rpm-ostree') return [OSTREE_INITRAMFS_OFF]
  return runsAgain(change) ? [regenerateCommand(change)] : []
}
