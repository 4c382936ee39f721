import type { StepId } from '../wizard/step-id.ts'
import type { Change } from './change.ts'
import type { After, Before, Contents, JournalLine } from './journal-lines.ts'
import type { JournalDoubt, JournalRow } from './journal-rows.ts'
import { moment, stepOfTx } from './transaction.ts'

/** One change as the journal knows it, folded from its lines. */
export interface JournalEntry {
  tx: string
  index: number
  step: StepId
  at: string
  boot: string
  change: Change
  /** Where the text of a written file is, when it is not in `change`; null: it is there. */
  contents: Contents | null
  before: Before
  after: After | null
  /** How it was closed; `left`: it is still in force, and the admin wants it so. */
  reverted: { at: string; note: string | null; left: boolean } | null
  /** Why the last try to take it back failed; null: nobody tried, or it is closed. */
  failed: { at: string; why: string } | null
  /** When its transaction was confirmed; null also for those that need no confirmation. */
  confirmed: string | null
}

/** All that a journal tells, and what of it is not understood. */
export interface Journal {
  /** Oldest first. */
  entries: JournalEntry[]
  doubts: JournalDoubt[]
}

export const NO_JOURNAL: Journal = { entries: [], doubts: [] }

type Line<K extends JournalLine['kind']> = Extract<JournalLine, { kind: K }>

/** Folds the rows of a journal into entries, oldest first; order is the file's. */
export function foldJournal(rows: readonly JournalRow[]): Journal {
  const begins = new Map<string, Line<'begin'>>()
  const entries = new Map<string, JournalEntry>()
  const doubts: Omit<JournalDoubt, 'bars'>[] = []
  for (const row of rows) {
    if (row.line === null) doubts.push({ ...row.doubt, older: entries.size })
    else if (row.line.kind === 'begin') begins.set(row.line.tx, row.line)
    else if (row.line.kind === 'intent') {
      const entry = entryOf(row.line, begins.get(row.line.tx))
      if (entry === null) doubts.push(beginless(row.line, row.number, entries.size))
      else entries.set(keyOf(entry), entry)
    } else take(entries, row.line)
  }
  const closed = closedIn(rows)
  return {
    entries: [...entries.values()],
    doubts: doubts.map((doubt) => ({ ...doubt, bars: bars(doubt, closed, [...entries.values()]) })),
  }
}

const keyOf = ({ tx, index }: { tx: string; index: number }) => `${tx}/${index}`

/** Where the transaction's first line is damaged, its name tells step and time; null: it does not. */
function entryOf({ tx, index, change, before, contents }: Line<'intent'>, begin?: Line<'begin'>): JournalEntry | null {
  const step = begin?.step ?? stepOfTx(tx)
  if (step === null) return null
  const { at, boot } = begin ?? { at: moment(tx), boot: '' }
  const open = { after: null, reverted: null, failed: null, confirmed: null }
  return { tx, index, step, at, boot, change, contents: contents ?? null, before, ...open }
}

function beginless({ tx, index, before }: Line<'intent'>, number: number, older: number): Omit<JournalDoubt, 'bars'> {
  return { number, kind: 'intent', tx, index, paths: before.files.map(({ path }) => path), older }
}

function take(
  entries: ReadonlyMap<string, JournalEntry>,
  line: Exclude<JournalLine, { kind: 'begin' | 'intent' }>,
): void {
  if (line.kind === 'end') return
  if (line.kind === 'kept') {
    for (const entry of entries.values()) if (entry.tx === line.tx) entry.confirmed = line.at
    return
  }
  const entry = entries.get(keyOf(line))
  if (entry === undefined) return
  if (line.kind === 'done') entry.after = line.after
  else if (line.kind === 'unreverted') entry.failed = { at: line.at, why: line.why }
  else {
    const { at } = line
    entry.reverted = line.kind === 'left' ? { at, note: null, left: true } : { at, note: line.note, left: false }
    entry.failed = null
  }
}

/** Changes that a line closes, also those whose own lines are not understood. */
function closedIn(rows: readonly JournalRow[]): ReadonlySet<string> {
  const lines = rows.flatMap(({ line }) => (line?.kind === 'reverted' || line?.kind === 'left' ? [keyOf(line)] : []))
  return new Set(lines)
}

function bars(
  { kind, tx, index }: Omit<JournalDoubt, 'bars'>,
  closed: ReadonlySet<string>,
  entries: readonly JournalEntry[],
): boolean {
  if (kind === null) return true
  if (tx === null) return false
  if (index !== null) return !closed.has(keyOf({ tx, index }))
  const known = entries.filter((entry) => entry.tx === tx)
  return known.length === 0 || known.some((entry) => entry.reverted === null)
}

/** Whether the admin may leave a change as it is: undo tried it and could not. */
export function mayBeLeft({ reverted, failed }: JournalEntry): boolean {
  return reverted === null && failed !== null
}

/** The guard of a new network that nobody has kept yet; null: none waits. */
export function unconfirmedNetwork(entries: readonly JournalEntry[]): JournalEntry | null {
  const waiting = entries.filter((entry) => entry.reverted === null && entry.confirmed === null)
  return waiting.findLast((entry) => entry.change.kind === 'guard-network') ?? null
}
