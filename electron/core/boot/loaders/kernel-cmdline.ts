import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, FoundLoader } from '#shared/facts/facts.ts'
import { type ArgsEdit, editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import { parseLoaderEntry } from '#shared/facts/loader-entry.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { entryRescue } from '../rescue.ts'
import { renderMenu } from './grub-defaults.ts'
import { inRecipe, type Loader } from './loader.ts'

const PROVEN_ON = 'recorded trees only'

/** Edits the arguments in /etc/kernel/cmdline. Where there is none, it is made from what boots by default. */
function editCmdline(facts: Facts, found: FoundLoader, edit: ArgsEdit): PlannedChange | null {
  const file = facts.files[OWN_FILES.kernelCmdline]
  if (isNoEdit(edit) || isUnknown(file)) return null
  const reason = `${editWords(edit)}; every other byte stays.`
  if (file !== undefined && file !== null)
    return wantText(facts, { of: 'kernel-cmdline', from: null, ...inRecipe(edit) }, reason)
  const { defaultEntry } = found
  if (isUnknown(defaultEntry)) return null
  // An image without such a file was built with what runs now.
  if (!defaultEntry.source.includes('/loader/entries/'))
    return wantText(
      facts,
      { of: 'kernel-cmdline', from: '/proc/cmdline', ...inRecipe(edit) },
      reason,
      facts.kernel.cmdline,
    )
  return wantText(
    facts,
    { of: 'kernel-cmdline', from: defaultEntry.source, ...inRecipe(edit) },
    reason,
    defaultEntry.text,
  )
}

/** Debian and others with systemd-boot: kernel-install makes each kernel's entry from /etc/kernel/cmdline. */
export const kernelInstall: Loader = {
  id: 'kernel-install',
  name: 'systemd-boot with entries made by kernel-install',
  provenOn: 'a real Debian 12 on emulated devices',
  plan: (facts, found, edit) => {
    const file = editCmdline(facts, found, edit)
    if (file === null) return []
    return [file, ...renderKernels(facts, found)]
  },
  rescue: entryRescue,
}

/** Has kernel-install make the entry of every kernel again, and copy its initramfs. */
export function renderKernels(facts: Facts, found: FoundLoader): PlannedChange[] {
  return kernelsOf(found).map((kernel) => renderKernel(kernel, found.files, facts.boot.images))
}

/** Releases with an entry: kernel-install names the file ENTRY-TOKEN-RELEASE.conf (kernel-install(8)). */
function kernelsOf({ files }: FoundLoader): string[] {
  return files.flatMap((path) => /-(\d+\.[A-Za-z0-9._+~-]*)$/u.exec(parseLoaderEntry(path, '').id)?.[1] ?? [])
}

function renderKernel(kernel: string, files: readonly string[], images: readonly string[]): PlannedChange {
  const outputs = [...files, ...images.filter((path) => !path.startsWith('/boot/init'))].filter((path) =>
    path.includes(kernel),
  )
  return {
    change: { kind: 'update-bootloader', tool: 'kernel-install', kernel, outputs: [...new Set(outputs)] },
    reason: `Makes the entry of kernel ${kernel} anew; the one of before is kept for undo.`,
    before: null,
  }
}

/** Proxmox VE on systemd-boot: partitions that are not mounted are written from /etc/kernel/cmdline. */
export const proxmoxBootTool: Loader = {
  id: 'proxmox-boot-tool',
  name: 'systemd-boot managed by proxmox-boot-tool',
  provenOn: PROVEN_ON,
  plan: (facts, found, edit) => cmdlineThen('proxmox-boot-tool', facts, found, edit),
  rescue: () => ({
    kind: 'none',
    text: 'proxmox-boot-tool removes entries it does not know, so there is no rescue entry. In the boot menu, "e" lets you delete arguments once.',
  }),
}

/** openSUSE with systemd-boot or GRUB's BLS variant: sdbootutil writes all entries from /etc/kernel/cmdline. */
export const sdbootutil: Loader = {
  id: 'sdbootutil',
  name: 'Boot loader entries managed by sdbootutil',
  provenOn: PROVEN_ON,
  plan: (facts, found, edit) => cmdlineThen('sdbootutil', facts, found, edit),
  rescue: entryRescue,
}

function cmdlineThen(
  tool: 'proxmox-boot-tool' | 'sdbootutil',
  facts: Facts,
  found: FoundLoader,
  edit: ArgsEdit,
): PlannedChange[] {
  const file = editCmdline(facts, found, edit)
  return file === null ? [] : [file, renderMenu(tool, found.files)]
}

/** Unified kernel images: the command line is part of the image, so building images is what puts it there. */
export const uki: Loader = {
  id: 'uki',
  name: 'Unified kernel images built by mkinitcpio',
  provenOn: PROVEN_ON,
  plan: (facts, found, edit) => {
    const build: PlannedChange = {
      change: { kind: 'rebuild-initramfs', tool: 'mkinitcpio', outputs: facts.boot.images },
      reason: 'Builds the images with the new command line inside; those of before are kept for undo.',
      before: null,
    }
    const file = editCmdline(facts, found, edit)
    return file === null ? [] : [file, build]
  },
  rescue: () => ({
    kind: 'none',
    text: 'The command line lies inside the image, so no rescue entry is possible. Without Secure Boot, "e" in the boot menu still lets you change it once.',
  }),
}

/** systemd-boot with entries written by hand: only the default one is edited, and nothing has to be rendered. */
export const systemdBoot: Loader = {
  id: 'systemd-boot',
  name: 'systemd-boot with entries written by hand',
  provenOn: PROVEN_ON,
  plan: (facts, { defaultEntry }, edit) => {
    if (isUnknown(defaultEntry) || isNoEdit(edit)) return []
    const reason = `${editWords(edit)} in the default entry; every other byte stays.`
    return present([wantText(facts, { of: 'loader-entry', path: defaultEntry.source, ...inRecipe(edit) }, reason)])
  },
  rescue: entryRescue,
}
