import { z } from 'zod'
import { fileStamp } from '../base/file-stamp.ts'
import { ENTRY_DIRECTORIES, ESP_PLACES, RESCUE_ENTRY } from '../base/own-files.ts'

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

/** Directories whose names are read; of entry directories the entries too, of the others the unified kernel images. */
export const CLOSED_DIRECTORIES: readonly string[] = [...ENTRY_DIRECTORIES, ...UNIFIED_DIRECTORIES, '/boot']

/** How the files in such a directory end that are read as well; null: none is. */
export function readEnding(directory: string): '.conf' | '.efi' | null {
  if (ENTRY_DIRECTORIES.some((entries) => entries === directory)) return '.conf'
  return UNIFIED_DIRECTORIES.includes(directory) ? '.efi' : null
}

/** One path as root sees it: the text of a file, the names in a directory; null for both: it is not there. */
export const openedFile = z.strictObject({
  path: z.string(),
  text: z.string().nullable(),
  names: z.array(z.string()).nullable(),
})
export type OpenedFile = z.infer<typeof openedFile>

/** All of it, and lengths and last writes of the images that boot, by path: whether one is another than before. */
export const openedMenu = z.strictObject({ files: z.array(openedFile), stamps: z.record(z.string(), fileStamp) })
export type OpenedMenu = z.infer<typeof openedMenu>
