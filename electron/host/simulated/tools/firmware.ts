import { type OrderedEntry, parsed, systemdOrder } from '#host/parse/entry-order.ts'
import { defaultGrubEntry, parseGrubEnv } from '#host/parse/grub-cfg.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { parseLoaderEntry } from '#shared/facts/boot/loader-entry.ts'
import { parseUnifiedImage, UNIFIED_IMAGE, unifiedEntry } from '#shared/facts/boot/unified-image.ts'
import { type Disk, existing } from './disk.ts'
import { PROXMOX_ESP } from './entries.ts'
import { finishStaged } from './ostree.ts'

/** Returns the command line the host starts with next; null when nothing bootable is known, so nothing changes. */
export function nextCommandLine(disk: Disk): string | null {
  finishStaged(disk)
  return proxmox(disk) ?? systemdBoot(disk) ?? ostree(disk) ?? grub(disk)
}

function optionsOf(disk: Disk, path: string | undefined): string | null {
  return path === undefined ? null : parseLoaderEntry(path, disk.read(path) ?? '').options
}

function proxmox(disk: Disk): string | null {
  return optionsOf(disk, existing(disk, new RegExp(`^${PROXMOX_ESP}.*\\.conf$`, 'u')).at(-1))
}

/** loader.conf names the entry or image, or the first by systemd-boot's order boots. */
function systemdBoot(disk: Disk): string | null {
  const [conf] = existing(disk, /^\/(boot|efi|boot\/efi)\/loader\/loader\.conf$/u)
  const images = unifiedImages(disk)
  if (conf === undefined && images.length === 0) return null
  const paths = existing(disk, /^\/(boot|efi|boot\/efi)\/loader\/entries\/.*\.conf$/u)
  const entries = parsed(paths.map((path) => ({ path, text: disk.read(path) ?? '' })))
  const ordered = systemdOrder([...entries, ...images])
  const name = conf === undefined ? undefined : /^default (\S+)/mu.exec(disk.read(conf) ?? '')?.[1]
  const chosen =
    ordered.find(({ path }) => name !== undefined && [`/${name}`, `/${name}.conf`].some((end) => path.endsWith(end))) ??
    ordered[0]
  return chosen?.entry.options ?? null
}

function unifiedImages(disk: Disk): OrderedEntry[] {
  return existing(disk, UNIFIED_IMAGE).flatMap((path) => {
    const image = parseUnifiedImage(disk.read(path) ?? '')
    return image === null ? [] : [{ path, text: '', entry: unifiedEntry(path, image) }]
  })
}

function ostree(disk: Disk): string | null {
  return optionsOf(disk, existing(disk, /^\/boot\/loader\/entries\/ostree-.*\.conf$/u).at(-1))
}

function grub(disk: Disk): string | null {
  // The stub on an ESP hands over to the menu in /boot, where there is one.
  const inBoot = existing(disk, /^\/(boot|simulated\/proxmox-esp)\/grub2?\/grub\.cfg$/u).reverse()
  const [path] = [...inBoot, ...existing(disk, /^\/boot\/efi\/EFI\/\w+\/grub\.cfg$/u)]
  if (path === undefined) return null
  const entries = existing(disk, /^\/boot\/loader\/entries\/.*\.conf$/u).map((file) => ({
    path: file,
    text: disk.read(file) ?? '',
  }))
  const env = parseGrubEnv(disk.read('/boot/grub2/grubenv') ?? disk.read('/boot/grub/grubenv') ?? '')
  const entry = defaultGrubEntry({ path, text: disk.read(path) ?? '', env, entries })
  return isUnknown(entry) ? null : `BOOT_IMAGE=/vmlinuz ${entry.cmdline}`
}
