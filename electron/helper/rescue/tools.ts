import type { JournalEntry } from '#shared/plan/journal.ts'
import {
  kernelArgsCommand,
  ostreeInitramfsCommand,
  regenerateCommand,
  runsAgain,
  type ToolCommand,
} from '#shared/plan/tool-command.ts'
import { ostreeBefore } from '../changes/boot/ostree-initramfs.ts'

/**
 * Commands that take a change back where putting files back is not enough: arguments that a tool keeps in places of its
 * own, and copies on partitions that are not mounted. They need the running machine.
 */
export function rescueCommands({ change, before }: JournalEntry): ToolCommand[] {
  if (change.kind === 'kernel-args') return change.tool === 'rpm-ostree' ? [kernelArgsCommand(change, 'back')] : []
  if (change.kind !== 'update-bootloader' && change.kind !== 'rebuild-initramfs') return []
  if (change.tool === 'rpm-ostree') return [ostreeInitramfsCommand(ostreeBefore(before.values))]
  return runsAgain(change) ? [regenerateCommand(change)] : []
}
