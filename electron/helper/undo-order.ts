import type { System } from '#shared/base/system.ts'
import { type Change, changeText } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { doubtText, type JournalDoubt } from '#shared/plan/journal-rows.ts'

/** A change that still stands while others are taken back. */
export interface Standing {
  text: string
  paths: ReadonlySet<string>
  /** The function whose driver it decides; null: none. */
  address: string | null
  /** Transaction and index of the changes that came after it; null: all that are tried from now on are older. */
  newer: ReadonlySet<string> | null
}

const keyOf = ({ tx, index }: Pick<JournalEntry, 'tx' | 'index'>) => `${tx}/${index}`

/** A change that could not be taken back. */
export function standingOf(entry: JournalEntry): Standing {
  const { change } = entry
  return { text: changeText(change), paths: pathsOf(entry), address: addressOf(change), newer: null }
}

/** What a line tells of that is not understood: nobody can take it back here. */
export function ofDoubt(doubt: JournalDoubt, entries: readonly JournalEntry[]): Standing {
  const newer = new Set(entries.slice(doubt.older).map(keyOf))
  return { text: doubtText(doubt).replace(/\.$/u, ''), paths: new Set(doubt.paths), address: null, newer }
}

/**
 * Whether a change lies below another that still stands: both are about the same file, whose former bytes the later one
 * holds, or about the driver of the same function. Everything else can go in any order.
 */
export function dependsOn(entry: JournalEntry, standing: Standing): boolean {
  if (standing.newer?.has(keyOf(entry)) === true) return false
  const address = addressOf(entry.change)
  if (address !== null && address === standing.address) return true
  return [...pathsOf(entry)].some((path) => standing.paths.has(path))
}

function pathsOf({ change, before }: JournalEntry): ReadonlySet<string> {
  const own = 'path' in change ? [change.path] : []
  return new Set([...own, ...before.files.map(({ path }) => path)])
}

function addressOf(change: Change): string | null {
  const moves = change.kind === 'bind-driver' || change.kind === 'override-driver' || change.kind === 'give-back'
  return moves ? change.address : null
}

/**
 * Directories this program made that may be empty once a change is taken back, outermost first: its own, and those
 * above its files that an earlier change had made and had to leave because of them.
 */
export function directoriesFor(entry: JournalEntry, all: readonly JournalEntry[]): string[] {
  const paths = [...pathsOf(entry)]
  const above = all
    .flatMap(({ before }) => before.createdDirectories)
    .filter((directory) => paths.some((path) => path.startsWith(`${directory}/`)))
  return [...new Set([...entry.before.createdDirectories, ...above])].sort((a, b) => a.length - b.length)
}

/** Removes directories that are empty, innermost first; one that is used by now stays. */
export async function removeEmpty(system: System, directories: readonly string[]): Promise<void> {
  for (const directory of [...directories].reverse()) {
    const inside = await system.list(directory)
    if (inside.kind === 'names' && inside.names.length === 0) await system.removeDirectory(directory)
  }
}
