import { type EntryFile, parsed } from '#host/parse/entry-order.ts'
import { OWN_FILES, RESCUE_ENTRY } from '#shared/base/own-files.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { BootEntry, FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { parseCmdlineFile, parseLoaderEntry, partitionOf } from '#shared/facts/boot/loader-entry.ts'
import { formatKernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { BootSigns } from './boot-signs.ts'
import { findGrub } from './loaders-grub.ts'
import { findUnified, startedByFirmware } from './loaders-unified.ts'
import { systemdDefault } from './systemd-default.ts'

/**
 * Whether kernel-install made an entry. Newer versions say so in a comment; Debian 12's (252) does not, so the names
 * tell: TOKEN-RELEASE.conf that boots /TOKEN/RELEASE/linux (kernel-install(8), 90-loaderentry.install).
 */
function generatedEntry({ path, text }: EntryFile): boolean {
  if (/File created by \S*kernel\/install\.d\//u.test(text)) return true
  const kernel = /^[ \t]*linux[ \t]+\/([^/\s]+)\/([^/\s]+)\/linux[ \t\r]*$/mu.exec(text)
  return kernel !== null && parseLoaderEntry(path, text).id === `${kernel[1] ?? ''}-${kernel[2] ?? ''}`
}

/** Finds the boot loaders that can be in charge, by evidence; more than one when it does not decide. */
export function findLoaders(signs: BootSigns): FoundLoader[] {
  const immutable = imageBased(signs)
  if (immutable !== null) return immutable
  const grub = findGrub(signs)
  const efi = findEfiLoader(signs)
  if (efi?.id === 'sdbootutil') return [efi]
  const info = signs.loaderInfo ?? ''
  if (efi !== null && (info.startsWith('systemd-') || startedByFirmware(signs) !== null)) return [efi]
  if (grub !== null && info.startsWith('GRUB')) return [grub]
  return [grub, efi].filter((loader) => loader !== null)
}

/** Systems whose boot menu belongs to a deployment tool, whatever else lies on the disk. */
function imageBased(signs: BootSigns): FoundLoader[] | null {
  if (signs.nixos) return [{ id: 'nixos', evidence: '/etc/NIXOS exists', defaultEntry: running(signs), files: [] }]
  if (!signs.ostree) return null
  if (!signs.tools.has('rpm-ostree')) return []
  const defaultEntry: OrUnknown<BootEntry> =
    signs.ostreeArgs === null
      ? unknownBecause('rpm-ostree kargs gave no answer')
      : plain('the deployment that boots next', signs.ostreeArgs, 'rpm-ostree kargs')
  return [{ id: 'rpm-ostree', evidence: '/run/ostree-booted and rpm-ostree exist', defaultEntry, files: [] }]
}

/** NixOS renders its entries from its configuration; what runs now is all that can be told without evaluating that. */
function running({ cmdline }: BootSigns): BootEntry {
  const args = parseKernelArgs(cmdline).filter((token) => !/^(BOOT_IMAGE|initrd)=/u.test(token))
  return plain('the running generation', formatKernelArgs(args), '/proc/cmdline')
}

function plain(title: string, cmdline: string, source: string): BootEntry {
  return { title, cmdline, source, text: '', chosenBy: 'name' }
}

type Detector = (signs: BootSigns) => FoundLoader | null

function findEfiLoader(signs: BootSigns): FoundLoader | null {
  for (const detect of EFI_LOADERS) {
    const found = detect(signs)
    if (found !== null) return found
  }
  return null
}

/** Managers first: what they generate looks like plain systemd-boot too. */
const EFI_LOADERS: readonly Detector[] = [
  (signs) => {
    if (!signs.uefi || (signs.proxmoxUuids ?? '').trim() === '' || !signs.tools.has('proxmox-boot-tool')) return null
    if (typeof signs.kernelCmdline !== 'string') return null
    const defaultEntry = fromCmdlineFile(signs.kernelCmdline)
    const evidence = '/etc/kernel/proxmox-boot-uuids names partitions, and /etc/kernel/cmdline exists'
    return { id: 'proxmox-boot-tool', evidence, defaultEntry, files: [] }
  },
  (signs) => {
    if (!signs.tools.has('sdbootutil') || typeof signs.kernelCmdline !== 'string') return null
    const evidence = 'sdbootutil and /etc/kernel/cmdline exist'
    return { id: 'sdbootutil', evidence, defaultEntry: systemdDefault(signs), files: entryPaths(signs) }
  },
  (signs) => {
    if (!signs.uefi || !signs.tools.has('kernelstub') || signs.kernelstub === null) return null
    const evidence = '/etc/kernelstub/configuration and kernelstub exist'
    const files = ['/etc/kernelstub/configuration', ...entryPaths(signs), ...espCmdlines(signs)]
    return { id: 'kernelstub', evidence, defaultEntry: systemdDefault(signs), files }
  },
  findUnified,
  (signs) => {
    const generated = signs.entries.filter((entry) => generatedEntry(entry) && !entry.path.endsWith(RESCUE_ENTRY))
    if (signs.loaderConf === null || generated.length === 0 || !signs.tools.has('kernel-install')) return null
    const evidence = `${generated[0]?.path ?? ''} was made by kernel-install, and ${signs.loaderConf.path} exists`
    return {
      id: 'kernel-install',
      evidence,
      defaultEntry: systemdDefault(signs),
      files: generated.map(({ path }) => path),
    }
  },
  (signs) => {
    if (signs.loaderConf === null || (signs.entries.length === 0 && signs.closed.length === 0)) return null
    const evidence = `${signs.loaderConf.path} and entries beside it exist`
    return { id: 'systemd-boot', evidence, defaultEntry: systemdDefault(signs), files: [] }
  },
]

/** Entries of this host's tools; ours is not one of them. */
function entryPaths(signs: BootSigns): string[] {
  return signs.entries.map(({ path }) => path).filter((path) => !path.endsWith(RESCUE_ENTRY))
}

/** kernelstub keeps a copy of the arguments beside the kernel it copied to the ESP. */
function espCmdlines(signs: BootSigns): string[] {
  const places = parsed(signs.entries).flatMap(({ path, entry }) =>
    entry.initrds
      .filter((initrd) => /^\/EFI\/[^/]+\/[^/]+$/u.test(initrd))
      .map((initrd) => `${partitionOf(path)}${initrd}`),
  )
  return [...new Set(places.map((path) => `${path.slice(0, path.lastIndexOf('/'))}/cmdline`))]
}

function fromCmdlineFile(text: string): BootEntry {
  return plain('every kernel', formatKernelArgs(parseCmdlineFile(text)), OWN_FILES.kernelCmdline)
}
