import { type LoaderEntry, parseLoaderEntry } from '#shared/facts/boot/loader-entry.ts'

/** A boot loader entry and the file it comes from. */
export interface EntryFile {
  path: string
  text: string
}

export interface OrderedEntry extends EntryFile {
  entry: LoaderEntry
}

/**
 * Compares two versions as the UAPI version format specification says: digits as numbers, letters by code,
 * `~` below everything, `-` before `^` before `.`. Negative when `a` is older.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareSegments(left[index], right[index])
    if (order !== 0) return order
  }
  return 0
}

function segments(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+|[~^.-]/gu) ?? []
}

const RANKS: Readonly<Record<string, number>> = { '~': 0, '-': 2, '^': 3, '.': 4 }
const NUMBER = 6

/** Ranks of what can stand at one place; the end of the string is above `~` and below everything else. */
function rank(segment: string | undefined): number {
  if (segment === undefined) return 1
  return RANKS[segment] ?? (/^\d/u.test(segment) ? NUMBER : 5)
}

function compareSegments(a: string | undefined, b: string | undefined): number {
  const ranks = rank(a) - rank(b)
  if (ranks !== 0 || a === undefined || b === undefined) return ranks
  if (rank(a) === NUMBER) {
    const [left, right] = [BigInt(a), BigInt(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return a < b ? -1 : a > b ? 1 : 0
}

export function parsed(files: readonly EntryFile[]): OrderedEntry[] {
  return files.map((file) => ({ ...file, entry: parseLoaderEntry(file.path, file.text) }))
}

/**
 * Sorts entries as systemd-boot's menu (UAPI.1, "Sorting"): entries with a sort key first, by key, machine and falling
 * version; then the others by falling file name.
 */
export function systemdOrder(entries: readonly OrderedEntry[]): OrderedEntry[] {
  return [...entries].sort((a, b) => compareForSystemd(a.entry, b.entry))
}

function compareForSystemd(a: LoaderEntry, b: LoaderEntry): number {
  const keyed = Number(a.sortKey === '') - Number(b.sortKey === '')
  if (keyed !== 0) return keyed
  const byKey = a.sortKey === '' ? 0 : compareKeyed(a, b)
  return byKey === 0 ? -compareVersions(a.id, b.id) : byKey
}

function compareKeyed(a: LoaderEntry, b: LoaderEntry): number {
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -1 : 1
  if (a.machineId !== b.machineId) return a.machineId < b.machineId ? -1 : 1
  return -compareVersions(a.version, b.version)
}

/** Sorts entries as GRUB's blscfg command: by falling file name (Fedora's grub2, blscfg.c). */
export function blscfgOrder(entries: readonly OrderedEntry[]): OrderedEntry[] {
  return [...entries].sort((a, b) => -compareVersions(a.entry.id, b.entry.id))
}

/** Returns whether a shell-style pattern with `*` and `?` fits; systemd-boot compares without regard to case. */
export function globFits(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'iu').test(name)
}
