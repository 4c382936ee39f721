import type { Choices } from '../../shared/choices.ts'
import type { Facts } from '../../shared/facts.ts'
import { grub2Rhel7 } from './grub2-rhel7.ts'
import { grubDebian } from './grub-debian.ts'
import { type Initramfs, dracut, initramfsTools } from './initramfs.ts'
import type { Loader } from './loader.ts'

const LOADERS: readonly Loader[] = [grubDebian, grub2Rhel7]
const INITRAMFS: readonly Initramfs[] = [initramfsTools, dracut]

/** The boot loader to use: the admin's choice, else the only one found; null when none or two fit. */
export function loaderFor(facts: Facts, choices: Choices): Loader | null {
  const found = facts.boot.loaders.map((loader) => loader.id)
  const id = choices.boot.loader ?? (found.length === 1 ? found[0] : null)
  return LOADERS.find((loader) => loader.id === id && found.includes(loader.id)) ?? null
}

/** The initramfs generator to use, by the same rule. */
export function initramfsFor(facts: Facts, choices: Choices): Initramfs | null {
  const found = facts.boot.initramfs.map((tool) => tool.id)
  const id = choices.boot.initramfs ?? (found.length === 1 ? found[0] : null)
  return INITRAMFS.find((tool) => tool.id === id && found.includes(tool.id)) ?? null
}
