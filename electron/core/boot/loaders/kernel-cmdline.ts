import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { menuName } from '#shared/facts/boot/loader-entry.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type ArgsEdit, editWords, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import { entryRescue } from '../rescue.ts'
import { renderMenu } from './grub-defaults.ts'
import { inRecipe, type Loader } from './loader.ts'

const PROVEN_ON = 'recorded trees only'

/** Edits the arguments in /etc/kernel/cmdline. Where there is none, it is made from what boots by default. */
export function editCmdline(facts: Facts, found: FoundLoader, edit: ArgsEdit): PlannedChange | null {
  const file = facts.files[OWN_FILES.kernelCmdline]
  if (isNoEdit(edit) || isUnknown(file)) return null
  const reason = `${editWords(edit)}; every other byte stays.`
  if (file !== undefined && file !== null)
    return wantText(facts, { of: 'kernel-cmdline', from: null, ...inRecipe(edit) }, reason)
  const { defaultEntry } = found
  if (isUnknown(defaultEntry)) return null
  const { source, text } = defaultEntry
  return wantText(facts, { of: 'kernel-cmdline', from: source, ...inRecipe(edit) }, reason, text)
}

/** Debian and others with systemd-boot: kernel-install makes each kernel's entry from /etc/kernel/cmdline. */
export const kernelInstall: Loader = {
  id: 'kernel-install',
  name: 'systemd-boot with entries made by kernel-install',
  provenOn: 'a real Debian 12 on emulated devices',
  plan: planKernelInstall,
  rescue: entryRescue,
}

/** The file that kernel-install takes the arguments from, and what it makes of each kernel. */
export function planKernelInstall(facts: Facts, found: FoundLoader, edit: ArgsEdit): PlannedChange[] {
  const file = editCmdline(facts, found, edit)
  return file === null ? [] : [file, ...renderKernels(facts, found)]
}

/** Has kernel-install make the entry of every kernel again, and copy its initramfs. */
export function renderKernels(facts: Facts, found: FoundLoader): PlannedChange[] {
  return kernelsOf(found).map((kernel) => renderKernel(kernel, found.files, facts.boot.images))
}

/**
 * Releases with an entry or an image: kernel-install names the file ENTRY-TOKEN-RELEASE, and may count boots behind it
 * (kernel-install(8)).
 */
function kernelsOf({ files }: FoundLoader): string[] {
  return [...new Set(files.map(menuName).flatMap((name) => /-(\d+\.[A-Za-z0-9._+~-]*)$/u.exec(name)?.[1] ?? []))]
}

function renderKernel(kernel: string, files: readonly string[], images: readonly string[]): PlannedChange {
  const outputs = [...files, ...images.filter((path) => !path.startsWith('/boot/init'))].filter((path) =>
    path.includes(kernel),
  )
  return {
    change: { kind: 'update-bootloader', tool: 'kernel-install', kernel, outputs: [...new Set(outputs)] },
    reason: `Makes the ${files.some((path) => path.endsWith('.efi')) ? 'image' : 'entry'} of kernel ${kernel} anew; the one of before is kept for undo.`,
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
