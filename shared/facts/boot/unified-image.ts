import { z } from 'zod'
import { jsonOrNull } from '#shared/base/json.ts'
import { ENTRY_DIRECTORIES, ESP_PLACES } from '#shared/base/own-files.ts'
import { type LoaderEntry, menuName } from './loader-entry.ts'

/** Where unified kernel images lie (UAPI.1, "EFI Unified Kernel Images"). */
export const UNIFIED_IMAGE = new RegExp(`^(?:${ESP_PLACES.join('|')})/EFI/Linux/[^/]+\\.efi$`, 'u')

/**
 * What a unified kernel image says of itself (UAPI.5). `cmdline`, `uname`, `osrel`: its sections of these names; null:
 * it has none. `initrd`: where in the file its initramfs lies, in bytes. `signed`: a signature for Secure Boot is attached.
 */
export const unifiedImage = z.object({
  cmdline: z.string().nullable(),
  uname: z.string().nullable(),
  osrel: z.string().nullable(),
  initrd: z.object({ offset: z.number().int(), bytes: z.number().int() }).nullable(),
  signed: z.boolean(),
})
export type UnifiedImage = z.infer<typeof unifiedImage>

/** Parses what reading such an image gives: JSON on its first line. Null: it is no such image. */
export function parseUnifiedImage(text: string): UnifiedImage | null {
  return unifiedImage.safeParse(jsonOrNull(text.split('\n', 1)[0] ?? '')).data ?? null
}

/** The menu entry that systemd-boot makes of such an image (systemd: boot_entry_add_unified); it is sorted by it. */
export function unifiedEntry(path: string, { osrel, cmdline }: UnifiedImage): LoaderEntry {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const first = (...keys: readonly string[]) =>
    keys.map((key) => valueOf(osrel ?? '', key)).find((value) => value !== '') ?? ''
  return {
    id: `${menuName(path)}.efi`,
    title: first('PRETTY_NAME', 'IMAGE_ID', 'NAME', 'ID') || name,
    version: first('IMAGE_VERSION', 'VERSION', 'VERSION_ID', 'BUILD_ID'),
    sortKey: first('IMAGE_ID', 'ID'),
    machineId: '',
    options: cmdline ?? '',
    initrds: [],
  }
}

/** os-release(5): one assignment a line, with or without quotes. */
function valueOf(osrel: string, key: string): string {
  const value = new RegExp(`^${key}=(.*)$`, 'mu').exec(osrel)?.[1]?.trim() ?? ''
  return value.replace(/^(["'])(.*)\1$/u, '$2')
}

/**
 * A file of the boot loader specification that would start such an image as it starts by itself. systemd-stub takes its
 * arguments from it unless Secure Boot is on (systemd-stub(7)).
 */
export function unifiedEntryText(path: string, image: UnifiedImage): string {
  const { sortKey, options } = unifiedEntry(path, image)
  const place = ESP_PLACES.find((candidate) => path.startsWith(`${candidate}/EFI/`)) ?? ''
  const lines = [`efi ${path.slice(place.length)}`, `options ${options}`]
  return `${[...(sortKey === '' ? [] : [`sort-key ${sortKey}`]), ...lines].join('\n')}\n`
}

/** The directory of entry files on the partition of such an image; null: it lies elsewhere. */
export function entriesBeside(path: string): string | null {
  const place = path.slice(0, path.indexOf('/EFI/Linux/'))
  return ENTRY_DIRECTORIES.find((directory) => directory === `${place}/loader/entries`) ?? null
}
