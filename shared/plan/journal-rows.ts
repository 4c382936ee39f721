import { z } from 'zod'
import { type JournalLine, journalLine } from './journal-lines.ts'

/** A line that this version does not understand. */
export interface JournalDoubt {
  /** Counted from 1. */
  number: number
  /** What kind it says it is, of another version of this program; null: it is damaged. */
  kind: string | null
  /** The change it says it is about, as far as it says so. */
  tx: string | null
  index: number | null
  /** Files it says it is about. */
  paths: string[]
  /** How many changes the journal had told of before it. */
  older: number
  /** Whether the host must not be changed before the line is understood: it is damaged, or about what is in force. */
  bars: boolean
}

/** Before it is known what stands around it. */
type Unplaced = Omit<JournalDoubt, 'older' | 'bars'>

/** One line of the file: understood, or not. */
export type JournalRow = { number: number; line: JournalLine } | { number: number; line: null; doubt: Unplaced }

/** As much as is needed to tell what a line is about that is not understood. */
const outline = z.object({
  kind: z.string(),
  tx: z.string().nullable().catch(null),
  index: z.number().int().nullable().catch(null),
  before: z.object({ files: z.array(z.object({ path: z.string() })) }).catch({ files: [] }),
})

/**
 * Parses a journal's text, each line for itself. A last line cut short by a power loss is dropped: its change was not
 * begun, because an intent counts only once it is whole on the disk. `first` is the number of the text's first line.
 */
export function parseJournal(text: string, first = 1): JournalRow[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const rows = whole.split('\n').slice(0, -1)
  return rows.flatMap((row, index) => (row === '' ? [] : [parseRow(row, first + index)]))
}

function parseRow(row: string, number: number): JournalRow {
  const value = json(row)
  const parsed = journalLine.safeParse(value)
  if (parsed.success) return { number, line: parsed.data }
  const seen = outline.safeParse(value)
  if (!seen.success) return { number, line: null, doubt: { number, kind: null, tx: null, index: null, paths: [] } }
  const { kind, tx, index, before } = seen.data
  return { number, line: null, doubt: { number, kind, tx, index, paths: before.files.map(({ path }) => path) } }
}

function json(row: string): unknown {
  try {
    return JSON.parse(row) as unknown
  } catch {
    return undefined
  }
}

/** What is wrong with a line, as a sentence. */
export function doubtText({ number, kind }: Pick<JournalDoubt, 'number' | 'kind'>): string {
  if (kind === null) return `Line ${number} of the journal is damaged.`
  return `Line ${number} of the journal is not understood: its kind is "${kind}". Another version of this program may have written it.`
}
