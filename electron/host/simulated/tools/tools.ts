import type { Tool } from '#shared/base/system.ts'
import { type Disk, initramfsInputs } from './disk.ts'
import { afterUpdateInitramfs, grubby, kernelInstall, kernelstub, proxmoxRefresh, sdbootutil } from './entries.ts'
import { renderGrubMenu } from './grub.ts'
import { buildImages, imagesOf, mkinitcpio } from './images.ts'
import { ostreeAnswer, rpmOstree } from './ostree.ts'
import { dracutUnified, isUnifiedBuild } from './unified.ts'

export interface ToolEffect {
  lines: string[]
  /** null: the tool only reads. */
  effect: (() => void) | null
}

type Model = (disk: Disk, args: readonly string[], running: string) => void

/** What each tool of a distribution does to files, as far as its manual page says so. */
const MODELS: Readonly<Partial<Record<Tool, Model>>> = {
  'update-grub': (disk) => renderGrubMenu(disk, '/boot/grub/grub.cfg'),
  'grub-mkconfig': (disk, args) => renderGrubMenu(disk, args[1] ?? ''),
  'grub2-mkconfig': (disk, args) => renderGrubMenu(disk, args[1] ?? ''),
  grubby,
  'kernel-install': (disk, args, running) => kernelInstall(disk, args[1] ?? '', running),
  kernelstub,
  'proxmox-boot-tool': proxmoxRefresh,
  'rpm-ostree': rpmOstree,
  sdbootutil,
  dracut: (disk, args, running) =>
    isUnifiedBuild(args) ? dracutUnified(disk, args, running) : buildImages(disk, initramfsInputs(disk, 'dracut')),
  mkinitcpio,
  'update-initramfs': (disk, _args, running) => {
    buildImages(disk, initramfsInputs(disk, 'initramfs-tools'))
    afterUpdateInitramfs(disk, running)
  },
}

/** Returns what a tool of the boot chain would do; null for all others. */
export function bootTool(disk: Disk, tool: Tool, args: readonly string[], running: string): ToolEffect | null {
  // What is written is on the simulated disk at once.
  if (tool === 'sync') return { lines: [], effect: null }
  const answer = tool === 'rpm-ostree' ? ostreeAnswer(disk, args) : null
  if (answer !== null) return { lines: [answer], effect: null }
  const model = MODELS[tool]
  if (model === undefined) return null
  const lines = [`${tool}: ${args.join(' ')}`, ...imagesOf(disk).map((path) => `  ${path}`)]
  return { lines, effect: () => model(disk, args, running) }
}
