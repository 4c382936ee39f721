import { z } from 'zod'
import { ENTRY_DIRECTORIES, RESCUE_ENTRY } from '../base/own-files.ts'

/** Where an EFI system partition or its extension (XBOOTLDR) is mounted, by systemd's and the distributions' habits. */
export const ESP_PLACES = ['/efi', '/boot', '/boot/efi'] as const

/** Vendor directories on the ESP where the RHEL family keeps, or kept, GRUB's menu and environment block. */
const VENDORS = ['centos', 'redhat', 'fedora', 'rocky', 'almalinux'] as const

const UNIFIED_DIRECTORIES = ESP_PLACES.map((place) => `${place}/EFI/Linux`)

/**
 * What describes the boot menu and is readable by root alone on some systems: Ubuntu's grub.cfg (0600), Fedora's
 * /boot/loader (0700), an ESP mounted with umask=0077. The helper reads this list, and nothing that it is told.
 */
export const CLOSED_FILES: readonly string[] = [
  ...['/boot/grub', '/boot/grub2', ...VENDORS.map((vendor) => `/boot/efi/EFI/${vendor}`)].flatMap((directory) => [
    `${directory}/grub.cfg`,
    `${directory}/grubenv`,
  ]),
  ...ESP_PLACES.map((place) => `${place}/loader/loader.conf`),
  ...ENTRY_DIRECTORIES.map((directory) => `${directory}/${RESCUE_ENTRY}`),
]

/** Directories whose names are read; of entry directories the entries too. */
export const CLOSED_DIRECTORIES: readonly string[] = [...ENTRY_DIRECTORIES, ...UNIFIED_DIRECTORIES, '/boot']

export function isEntryDirectory(path: string): boolean {
  return ENTRY_DIRECTORIES.some((directory) => directory === path)
}

/** One path as root sees it: the text of a file, the names in a directory; null for both: it is not there. */
export const openedFile = z.strictObject({
  path: z.string(),
  text: z.string().nullable(),
  names: z.array(z.string()).nullable(),
})
export type OpenedFile = z.infer<typeof openedFile>
