import { z } from 'zod'
import type { Tool } from '../base/system.ts'
import { ADDED_ARGS, removedArgs } from '../facts/kernel-args.ts'
import { absolutePath } from './kinds/kind.ts'

/** Has the distribution's tool rebuild its initramfs images; the listed images are kept for undo. */
export const rebuildInitramfs = z.strictObject({
  kind: z.literal('rebuild-initramfs'),
  tool: z.enum(['update-initramfs', 'dracut', 'mkinitcpio', 'rpm-ostree', 'sdbootutil']),
  outputs: z.array(absolutePath),
})

/** Has the distribution's tool write its boot menu again. `kernel` names the release for kernel-install, which takes one. */
export const updateBootloader = z.strictObject({
  kind: z.literal('update-bootloader'),
  tool: z.enum(['update-grub', 'grub-mkconfig', 'grub2-mkconfig', 'kernel-install', 'proxmox-boot-tool', 'sdbootutil']),
  kernel: z
    .string()
    .regex(/^[0-9][A-Za-z0-9._+~-]*$/u)
    .optional(),
  outputs: z.array(absolutePath),
})

/** Has a tool that keeps the arguments itself add and remove these in its entries; undo has it do the contrary. */
export const kernelArgs = z.strictObject({
  kind: z.literal('kernel-args'),
  tool: z.enum(['grubby', 'kernelstub', 'rpm-ostree']),
  args: z.array(z.enum(ADDED_ARGS)),
  /** Words that are taken out of every entry. */
  remove: removedArgs.optional(),
  outputs: z.array(absolutePath),
})

/** One run of a distribution's tool: its name and its words. */
export interface ToolCommand {
  tool: Tool
  args: string[]
}

export type Regenerate = z.infer<typeof rebuildInitramfs> | z.infer<typeof updateBootloader>

/** These write where nothing can be kept (partitions not mounted, names that depend on the bytes): undo runs them again. */
const RUN_AGAIN = new Set<Tool>(['proxmox-boot-tool', 'sdbootutil'])

/** Returns what renders a boot menu or builds the initramfs images. `kernelImage` is what kernel-install adds. */
export function regenerateCommand(change: Regenerate, kernelImage = `/boot/vmlinuz-${kernelOf(change)}`): ToolCommand {
  return { tool: change.tool, args: regenerateArgs(change, kernelImage) }
}

function kernelOf(change: Regenerate): string {
  return change.kind === 'update-bootloader' ? (change.kernel ?? '') : ''
}

function regenerateArgs(change: Regenerate, kernelImage: string): string[] {
  switch (change.tool) {
    case 'update-initramfs':
      return ['-u', '-k', 'all']
    case 'dracut':
      return ['-f', '--regenerate-all']
    case 'mkinitcpio':
      return ['-P']
    case 'rpm-ostree':
      return ['initramfs', '--enable']
    case 'update-grub':
      return []
    case 'grub-mkconfig':
    case 'grub2-mkconfig':
      return ['-o', change.outputs[0] ?? '']
    case 'kernel-install':
      return ['add', kernelOf(change), kernelImage]
    case 'proxmox-boot-tool':
      return ['refresh']
    case 'sdbootutil':
      return change.kind === 'rebuild-initramfs' ? ['--no-reuse-initrd', 'add-all-kernels'] : ['update-all-entries']
  }
}

/** Returns whether putting files back is not enough, and the tool has to run once more behind them. */
export function runsAgain({ tool }: Regenerate): boolean {
  return RUN_AGAIN.has(tool)
}

/** Whether rpm-ostree builds the initramfs on this host, and with which arguments of dracut. */
export interface OstreeInitramfs {
  regenerates: boolean
  args: readonly string[]
}

/** Has rpm-ostree make a deployment whose initramfs is built like this. */
export function ostreeInitramfsCommand({ regenerates, args }: OstreeInitramfs): ToolCommand {
  const how = regenerates ? ['--enable', ...args.map((arg) => `--arg=${arg}`)] : ['--disable']
  return { tool: 'rpm-ostree', args: ['initramfs', ...how] }
}

/**
 * Edits arguments with a tool that keeps them itself, or takes that edit back. Each is one word, so that nothing is taken
 * for an option; one that is taken out and was not there is no error (grubby(8), kernelstub(1), rpm-ostree(1)).
 */
export function kernelArgsCommand(change: z.infer<typeof kernelArgs>, way: 'there' | 'back'): ToolCommand {
  const { args, remove = [] } = change
  const [added, removed] = way === 'there' ? [args, remove] : [remove, args]
  return { tool: change.tool, args: editArgs(change.tool, added, removed) }
}

function editArgs(
  tool: z.infer<typeof kernelArgs>['tool'],
  add: readonly string[],
  remove: readonly string[],
): string[] {
  const both = (adds: (words: string) => string[], removes: (words: string) => string[]) => [
    ...(remove.length === 0 ? [] : removes(remove.join(' '))),
    ...(add.length === 0 ? [] : adds(add.join(' '))),
  ]
  switch (tool) {
    case 'grubby':
      return [
        '--update-kernel=ALL',
        ...both(
          (words) => [`--args=${words}`],
          (words) => [`--remove-args=${words}`],
        ),
      ]
    case 'kernelstub':
      return both(
        (words) => ['-a', words],
        (words) => ['-d', words],
      )
    case 'rpm-ostree':
      return [
        'kargs',
        ...remove.map((arg) => `--delete-if-present=${arg}`),
        ...add.map((arg) => `--append-if-missing=${arg}`),
      ]
  }
}
