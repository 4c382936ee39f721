import { globFits, type OrderedEntry, parsed, systemdOrder } from '#host/parse/entry-order.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { BootEntry } from '#shared/facts/boot/boot-loader.ts'
import { unifiedEntry, unifiedEntryText } from '#shared/facts/boot/unified-image.ts'
import type { BootSigns } from './boot-signs.ts'
import type { UnifiedFile } from './unified-signs.ts'

/**
 * Returns what systemd-boot boots by default: the name kept in an EFI variable, else loader.conf's pattern, else the
 * first. Unified kernel images stand in the same menu as entry files.
 */
export function systemdDefault(signs: BootSigns): OrUnknown<BootEntry> {
  const [hidden] = [...signs.closed, ...signs.closedUkis]
  if (hidden !== undefined) return unknownBecause(`${hidden} can be read by root only`)
  const pattern = patternOf(signs)
  const ordered = systemdOrder([...parsed(signs.entries), ...signs.ukis.map(inMenu)])
  const named = ordered.find((file) => fits(pattern, file))
  if (named !== undefined) return entryOf(named, 'name')
  if (pattern.startsWith('@')) return unknownBecause('loader.conf boots what was booted last')
  const [first] = ordered
  return first === undefined ? unknownBecause('there is no boot loader entry') : entryOf(first, 'order')
}

/** What a unified kernel image starts with; unknown where it holds no command line, which then comes from elsewhere. */
export function startedBy(file: UnifiedFile, chosenBy: BootEntry['chosenBy']): OrUnknown<BootEntry> {
  return entryOf(inMenu(file), chosenBy)
}

function inMenu({ path, image }: UnifiedFile): OrderedEntry {
  return { path, text: unifiedEntryText(path, image), entry: unifiedEntry(path, image) }
}

function patternOf({ entryDefault, loaderConf }: BootSigns): string {
  return entryDefault ?? /^[ \t]*default[ \t]+(\S+)/mu.exec(loaderConf?.text ?? '')?.[1] ?? ''
}

function fits(pattern: string, { entry }: OrderedEntry): boolean {
  return pattern !== '' && (globFits(pattern, `${entry.id}.conf`) || globFits(pattern, entry.id))
}

function entryOf({ path, text, entry }: OrderedEntry, chosenBy: BootEntry['chosenBy']): OrUnknown<BootEntry> {
  if (path.endsWith('.efi') && entry.options === '') return unknownBecause(`${path} holds no command line`)
  return { title: entry.title, cmdline: entry.options, source: path, text, chosenBy }
}
