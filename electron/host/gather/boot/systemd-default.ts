import { globFits, type OrderedEntry, parsed, systemdOrder } from '#host/parse/entry-order.ts'
import { type OrUnknown, unknownBecause, type UnknownFact } from '#shared/base/unknown.ts'
import type { BootEntry } from '#shared/facts/facts.ts'
import type { BootSigns } from './boot-signs.ts'

/**
 * Returns what systemd-boot boots by default: the name kept in an EFI variable, else loader.conf's pattern, else the
 * first.
 */
export function systemdDefault(signs: BootSigns): OrUnknown<BootEntry> {
  const [hidden] = signs.closed
  if (hidden !== undefined) return unknownBecause(`${hidden} can be read by root only`)
  const pattern = patternOf(signs)
  const ordered = systemdOrder(parsed(signs.entries))
  const named = ordered.find((file) => fits(pattern, file))
  if (named !== undefined) return entryOf(named, 'name')
  const [first] = ordered
  return unifiedInstead(signs, pattern) ?? (first === undefined ? NONE : entryOf(first, 'order'))
}

const NONE = unknownBecause('there is no boot loader entry')

function patternOf({ entryDefault, loaderConf }: BootSigns): string {
  return entryDefault ?? /^[ \t]*default[ \t]+(\S+)/mu.exec(loaderConf?.text ?? '')?.[1] ?? ''
}

function fits(pattern: string, { entry }: OrderedEntry): boolean {
  return pattern !== '' && (globFits(pattern, `${entry.id}.conf`) || globFits(pattern, entry.id))
}

/** When nothing tells that an entry file comes first: `@saved`, or unified images that stand in the same menu. */
function unifiedInstead({ ukis }: BootSigns, pattern: string): UnknownFact | null {
  if (pattern.startsWith('@')) return unknownBecause('loader.conf boots what was booted last')
  const image = ukis.find(({ path }) => globFits(pattern, path.slice(path.lastIndexOf('/') + 1)))
  if (image !== undefined) return unknownBecause(`${image.path} boots by default`)
  if (ukis.length === 0) return null
  return unknownBecause('unified kernel images stand in the menu too, and nothing names the default')
}

function entryOf({ path, text, entry }: OrderedEntry, chosenBy: BootEntry['chosenBy']): BootEntry {
  return { title: entry.title, cmdline: entry.options, source: path, text, chosenBy }
}
