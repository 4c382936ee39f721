import { foldJournal, type JournalEntry } from '#shared/plan/journal.ts'
import type { JournalLine } from '#shared/plan/journal-lines.ts'
import { parseJournal } from '#shared/plan/journal-rows.ts'

/** Transactions that are wholly closed and still shown; older ones are forgotten. */
const SHOWN = 100

/**
 * A journal's text with less about what is closed: of the newest closed transactions everything but the texts they
 * wrote or replaced, of older ones nothing. What is in force, or left as it is, and every line that is not understood
 * stays. `hash` gives the SHA-256 of a text.
 */
export function compacted(text: string, hash: (text: string) => string): string {
  const { entries } = foldJournal(parseJournal(text))
  const { closed, forgotten } = sorted(entries)
  const lines = text.split('\n').slice(0, -1)
  const kept = lines.flatMap((raw) => {
    const line = parseJournal(`${raw}\n`)[0]?.line ?? null
    if (line === null) return [raw]
    if (forgotten.has(line.tx)) return []
    return [closed.has(line.tx) && line.kind === 'intent' ? JSON.stringify(shortened(line, hash)) : raw]
  })
  return kept.map((line) => `${line}\n`).join('')
}

function sorted(entries: readonly JournalEntry[]): { closed: ReadonlySet<string>; forgotten: ReadonlySet<string> } {
  const open = new Set(entries.filter(({ reverted }) => reverted === null).map(({ tx }) => tx))
  const left = new Set(entries.filter(({ reverted }) => reverted?.left === true).map(({ tx }) => tx))
  const closed = [...new Set(entries.map(({ tx }) => tx))].filter((tx) => !open.has(tx))
  const gone = closed.slice(0, Math.max(0, closed.length - SHOWN)).filter((tx) => !left.has(tx))
  return { closed: new Set(closed), forgotten: new Set(gone) }
}

type Intent = Extract<JournalLine, { kind: 'intent' }>

/** An intent whose change is taken back, and of which only what it was is still shown. */
function shortened(line: Intent, hash: (text: string) => string): Intent {
  const { change, before } = line
  if (change.kind !== 'write-file' || line.contents?.kept === 'nowhere') return line
  const sha256 = line.contents?.sha256 ?? hash(change.text)
  const values = { ...before.values, former: null }
  return {
    ...line,
    change: { ...change, text: '' },
    before: { ...before, values },
    contents: { sha256, kept: 'nowhere' },
  }
}
