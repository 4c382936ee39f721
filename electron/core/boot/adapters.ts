import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { BootEntry, FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { replacing } from './initramfs/former.ts'
import { dracut, type Initramfs, initramfsTools } from './initramfs/initramfs.ts'
import { ostreeDracut, sdbootutilDracut } from './initramfs/managed-dracut.ts'
import { mkinitcpio } from './initramfs/mkinitcpio.ts'
import { grubDebian } from './loaders/grub-debian.ts'
import { grub2Rhel7, grub2Suse, grubArch } from './loaders/grub-defaults.ts'
import { kernelInstall, proxmoxBootTool, sdbootutil, systemdBoot } from './loaders/kernel-cmdline.ts'
import type { Loader } from './loaders/loader.ts'
import { nixos } from './loaders/nixos.ts'
import { grubby, kernelstub, rpmOstree } from './loaders/tool-managed.ts'
import { uki, ukiDracut, ukiForeign, ukiKernelInstall } from './loaders/unified.ts'

const LOADERS: readonly Loader[] = [
  ...[grubDebian, grub2Rhel7, grub2Suse, grubArch, grubby, systemdBoot, kernelInstall],
  ...[uki, ukiKernelInstall, ukiDracut, ukiForeign],
  ...[kernelstub, rpmOstree, proxmoxBootTool, sdbootutil, nixos],
]
const INITRAMFS: readonly Initramfs[] = [initramfsTools, dracut, mkinitcpio, ostreeDracut, sdbootutilDracut]

/** A boot loader's adapter and what was found of it on this host. */
export interface ChosenLoader {
  loader: Loader
  found: FoundLoader
}

/** Returns the boot loader to use: the admin's choice, else the only one found; null when none or two fit. */
export function loaderFor(facts: Facts, choices: Choices): ChosenLoader | null {
  const { loaders } = facts.boot
  const id = choices.boot.loader ?? (loaders.length === 1 ? loaders[0]?.id : null)
  const found = loaders.find((candidate) => candidate.id === id)
  const loader = LOADERS.find((candidate) => candidate.id === id)
  return found === undefined || loader === undefined ? null : { loader, found }
}

/** Returns whether what starts this host is for root's eyes only: what has to be built for it is not known then. */
export function isMenuClosed({ boot }: Facts): boolean {
  return boot.closed.length > 0 && boot.loaders.length === 0
}

/** Returns what boots by default, as far as the boot loader in charge can be told. */
export function defaultEntryOf(facts: Facts, chosen: ChosenLoader | null): OrUnknown<BootEntry> {
  if (chosen !== null) return chosen.found.defaultEntry
  const several = facts.boot.loaders.length > 1
  return unknownBecause(
    several ? 'which boot loader is in charge is not chosen yet' : 'no supported boot loader was found',
  )
}

/**
 * Returns the initramfs generator to use, by the same rule; a choice of one that is gone decides nothing. What was written
 * for another generator goes with its plans.
 */
export function initramfsFor(facts: Facts, choices: Choices): Initramfs | null {
  const found = facts.boot.initramfs.map((tool) => tool.id)
  const chosen = found.find((id) => id === choices.boot.initramfs)
  const id = chosen ?? (found.length === 1 ? found[0] : null)
  const tool = INITRAMFS.find((candidate) => candidate.id === id)
  return tool === undefined ? null : replacing(tool)
}

/** Names for the page's choice. */
export function loaderName(id: Loader['id']): string {
  return LOADERS.find((loader) => loader.id === id)?.name ?? id
}

export function initramfsName(id: Initramfs['id']): string {
  return INITRAMFS.find((tool) => tool.id === id)?.name ?? id
}

/** Says that the generator that was chosen builds no initramfs here any more; null: it does, or none was chosen. */
export function goneText({ boot }: Facts, { boot: { initramfs: chosen } }: Choices): string | null {
  if (chosen === null || boot.initramfs.some(({ id }) => id === chosen)) return null
  return `${initramfsName(chosen)} was chosen in step 3 and builds no initramfs on this host any more.`
}
