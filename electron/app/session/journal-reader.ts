import { createPatch } from 'diff'
import { RECOVERY_SHEET } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Reader } from '#shared/base/system.ts'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { changeText } from '#shared/plan/change.ts'
import { foldJournal, JOURNAL_FILE, type JournalEntry, parseJournal } from '#shared/plan/journal.ts'

/** Every change ever made to this host, oldest first. The journal is readable without privilege. */
export async function readJournal(reader: Reader): Promise<JournalEntry[]> {
  const result = await reader.read(JOURNAL_FILE)
  if (result.kind === 'absent') return []
  const lines = result.kind === 'text' ? parseJournal(result.text) : null
  if (lines !== null) return foldJournal(lines)
  throw new ProblemError('journal', `${JOURNAL_FILE} cannot be read.`, {
    hint: 'Keep the file; it tells how to go back.',
  })
}

/** The recovery sheet kept beside the journal; null while nothing is in force. Throws `permission` when it is hidden. */
export async function readRecoverySheet(reader: Reader): Promise<string | null> {
  const result = await reader.read(RECOVERY_SHEET)
  if (result.kind === 'text') return result.text
  if (result.kind === 'absent') return null
  throw new ProblemError('permission', `${RECOVERY_SHEET} cannot be read: ${result.why}.`, { hint: 'Read it as root.' })
}

/** The journal as the window shows it, newest first. */
export function journalRows(entries: readonly JournalEntry[]): JournalRow[] {
  return [...entries].reverse().map((entry) => ({
    at: entry.at,
    step: entry.step,
    text: changeText(entry.change),
    state: entry.reverted !== null ? 'taken back' : entry.after === null ? 'unfinished' : 'in force',
    note: entry.reverted?.note ?? null,
    diff: diffOf(entry),
  }))
}

/** Against the former text; against nothing where there was no file, and null where the former text is not public. */
function diffOf({ change, before }: JournalEntry): string | null {
  if (change.kind !== 'write-file') return null
  const former = before.values['former'] ?? (change.expected === null ? '' : null)
  return former === null ? null : createPatch(change.path, former, change.text, undefined, undefined, { context: 3 })
}
