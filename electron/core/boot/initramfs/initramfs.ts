import type { EarlyFunction } from '#core/texts/early-bind.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { plural } from '#shared/base/text.ts'
import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { earlyFiles, earlyRecipe, earlyUnit } from '../early-bind.ts'
import { renderKernels } from '../loaders/kernel-cmdline.ts'

/** One initramfs generator: how vfio-pci gets into the image, and how devices are bound by address while it runs. */
export interface Initramfs {
  readonly id: InitramfsId
  readonly name: string
  /** What early binding was really booted with, for honest words in the window. */
  readonly earlyProvenOn: string
  /** Whether the rule is run by systemd alone, which is packed only where the host has it (dracut's module 00systemd, check). */
  readonly runBySystemd: boolean
  /** The file that holds the addresses bound at each boot. */
  readonly earlyFile: string
  /** Changes that put vfio-pci into the image; the rebuild comes last. */
  planModules(facts: Facts): PlannedChange[]
  /** Changes that bind these functions at each boot, the rebuild behind the files; null: this version of it cannot. */
  planEarlyBind(facts: Facts, functions: readonly EarlyFunction[]): PlannedChange[] | null
  /** Has the images built again of the files that are there. */
  rebuild(facts: Facts): PlannedChange[]
}

export const initramfsTools: Initramfs = {
  id: 'initramfs-tools',
  name: 'initramfs-tools',
  earlyProvenOn: 'a real Debian 12 on emulated devices',
  runBySystemd: false,
  earlyFile: OWN_FILES.initramfsInitTop,
  planModules: (facts) => {
    const reason = 'Puts vfio-pci into the initramfs by a hook of our own.'
    const file = wantText(facts, { of: 'fixed', text: 'initramfs-hook' }, reason)
    return rebuilt(facts, present([file]), 'update-initramfs')
  },
  // init-top scripts without prerequisites run in alphabetical order (initramfs-tools(7) sorts them by tsort), so this
  // one runs before the one named udev, and all of them before the modules listed in /etc/initramfs-tools/modules.
  planEarlyBind: (facts, functions) =>
    rebuilt(facts, earlyFiles(facts, [earlyRecipe('init-top', functions)]), 'update-initramfs'),
  rebuild: (facts) => build(facts, 'update-initramfs'),
}

export const dracut: Initramfs = {
  id: 'dracut',
  name: 'dracut',
  earlyProvenOn: 'a real Debian 12 on emulated devices',
  runBySystemd: true,
  earlyFile: OWN_FILES.earlyScript,
  planModules: (facts) => {
    const reason = 'Puts vfio-pci into the initramfs by a drop-in of our own.'
    const file = wantText(facts, { of: 'fixed', text: 'dracut-modules' }, reason)
    return rebuilt(facts, present([file]), 'dracut')
  },
  planEarlyBind: (facts, functions) =>
    rebuilt(facts, earlyFiles(facts, earlyUnit(functions, ['dracut-early'])), 'dracut'),
  rebuild: (facts) => build(facts, 'dracut'),
}

type Tool = 'update-initramfs' | 'dracut' | 'mkinitcpio'

/** Returns the files, and the rebuild that puts them into the images; nothing when no file has to change. */
export function rebuilt(facts: Facts, files: PlannedChange[], tool: Tool): PlannedChange[] {
  return files.length === 0 ? [] : [...files, ...build(facts, tool)]
}

/**
 * Returns the build, and what has to follow it where the images are copied elsewhere, or become part of another. Where
 * kernel-install has the generator make them, there is none in /boot, and it is all that is run.
 */
export function build(facts: Facts, tool: Tool): PlannedChange[] {
  const { images } = facts.boot
  const built: PlannedChange = {
    change: { kind: 'rebuild-initramfs', tool, outputs: images },
    reason: `Builds ${plural(images.length, 'initramfs image')} again; the images of before are kept for undo.`,
    before: null,
  }
  const installed = installedAnew(facts, tool)
  return installed.length > 0 && !images.some((path) => path.startsWith('/boot/init'))
    ? installed
    : [built, ...installed]
}

/**
 * Where kernel-install copies the images to the ESP, or makes a unified image of them, that is what boots.
 * update-initramfs calls it for copies (Debian's /etc/initramfs/post-update.d/systemd-boot), where systemd-boot is
 * installed; a unified image may be there without. dracut run by hand does not.
 */
function installedAnew(facts: Facts, tool: Tool): PlannedChange[] {
  return facts.boot.loaders
    .filter(({ id }) => id === 'uki-kernel-install' || (id === 'kernel-install' && tool === 'dracut'))
    .flatMap((found) => renderKernels(facts, found))
}
