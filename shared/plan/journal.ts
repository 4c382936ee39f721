import { z } from 'zod'
import { storedStepId } from '../wizard/former-names.ts'
import type { StepId } from '../wizard/step-id.ts'
import { change } from './change.ts'

const saved = z.strictObject({
  path: z.string(),
  /** SHA-256 of the bytes, which lie in backups/<hash>; null: the file did not exist. */
  sha256: z.string().nullable(),
  mode: z.number().int(),
  uid: z.number().int(),
  gid: z.number().int(),
})
export type SavedFile = z.infer<typeof saved>

/** The state before a change, enough to go back to it without looking at anything else. */
const before = z.strictObject({
  files: z.array(saved),
  createdDirectories: z.array(z.string()),
  /** Plain values by name, e.g. a function's driver, or the owner of a device node. */
  values: z.record(z.string(), z.string().nullable()),
})
export type Before = z.infer<typeof before>

/** The files a change left behind, by hash: undo compares with it to see whether somebody else was there since. */
const after = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string().nullable() })),
})
export type After = z.infer<typeof after>

/**
 * One line of journal.jsonl. `intent` is on the disk before its change is made, so that a crash at any
 * moment leaves a line that tells how to go back.
 */
const journalLine = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('begin'),
    version: z.literal(1),
    tx: z.string(),
    plan: z.string(),
    step: storedStepId,
    at: z.string(),
    boot: z.string(),
  }),
  z.strictObject({ kind: z.literal('intent'), tx: z.string(), index: z.number().int(), change, before }),
  z.strictObject({ kind: z.literal('done'), tx: z.string(), index: z.number().int(), after }),
  z.strictObject({ kind: z.literal('end'), tx: z.string(), at: z.string() }),
  /** The admin keeps a new network; its guard has nothing to do any more. */
  z.strictObject({ kind: z.literal('kept'), tx: z.string(), at: z.string() }),
  z.strictObject({
    kind: z.literal('reverted'),
    tx: z.string(),
    index: z.number().int(),
    at: z.string(),
    note: z.string().nullable(),
  }),
])
export type JournalLine = z.infer<typeof journalLine>

/** One change as the journal knows it, folded from its lines. */
export interface JournalEntry {
  tx: string
  index: number
  step: StepId
  at: string
  boot: string
  change: z.infer<typeof change>
  before: Before
  after: After | null
  reverted: { at: string; note: string | null } | null
  /** When its transaction was confirmed; null also for those that need no confirmation. */
  confirmed: string | null
}

export const JOURNAL_FILE = '/var/lib/passthrough-studio/journal.jsonl'

/** Folds journal lines into entries, oldest first. Every line must be well formed; order is the file's. */
export function foldJournal(lines: readonly JournalLine[]): JournalEntry[] {
  const begins = new Map<string, Extract<JournalLine, { kind: 'begin' }>>()
  const entries = new Map<string, JournalEntry>()
  for (const line of lines) {
    if (line.kind === 'begin') begins.set(line.tx, line)
    if (line.kind === 'intent') {
      const begin = begins.get(line.tx)
      if (begin === undefined) continue
      const { tx, index, change, before } = line
      const { step, at, boot } = begin
      entries.set(`${tx}/${index}`, {
        tx,
        index,
        step,
        at,
        boot,
        change,
        before,
        after: null,
        reverted: null,
        confirmed: null,
      })
    }
    if (line.kind === 'kept') {
      for (const entry of entries.values()) if (entry.tx === line.tx) entry.confirmed = line.at
    }
    if (line.kind === 'done' || line.kind === 'reverted') mark(entries.get(`${line.tx}/${line.index}`), line)
  }
  return [...entries.values()]
}

function mark(entry: JournalEntry | undefined, line: Extract<JournalLine, { kind: 'done' | 'reverted' }>): void {
  if (entry === undefined) return
  if (line.kind === 'done') entry.after = line.after
  else entry.reverted = { at: line.at, note: line.note }
}

/**
 * Parses the journal's text. A last line cut short by a power loss is dropped: its change was not begun,
 * because an intent counts only once it is whole on the disk. Returns null when any other line is damaged.
 */
export function parseJournal(text: string): JournalLine[] | null {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines: JournalLine[] = []
  for (const row of whole.split('\n')) {
    if (row === '') continue
    const parsed = journalLine.safeParse(json(row))
    if (!parsed.success) return null
    lines.push(parsed.data)
  }
  return lines
}

function json(row: string): unknown {
  try {
    return JSON.parse(row) as unknown
  } catch {
    return undefined
  }
}

/** The guard of a new network that nobody has kept yet; null: none waits. */
export function unconfirmedNetwork(entries: readonly JournalEntry[]): JournalEntry | null {
  const waiting = entries.filter((entry) => entry.reverted === null && entry.confirmed === null)
  return waiting.findLast((entry) => entry.change.kind === 'guard-network') ?? null
}
