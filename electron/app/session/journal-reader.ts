import { createPatch } from 'diff'
import { JOURNAL_FILE, RECOVERY_SHEET } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Reader } from '#shared/base/system.ts'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { changeText } from '#shared/plan/change.ts'
import { foldJournal, type Journal, type JournalEntry, mayBeLeft, NO_JOURNAL } from '#shared/plan/journal.ts'
import type { Contents } from '#shared/plan/journal-lines.ts'
import { parseJournal } from '#shared/plan/journal-rows.ts'

/** Every change ever made to this host, oldest first, and what is wrong with the journal. */
export interface JournalRead extends Journal {
  /** Absent: nothing was ever changed, or the file is lost. */
  there: boolean
  /** Null: it could be read. */
  unreadable: string | null
}

/** Reads the journal, which needs no privilege. What is wrong with it is returned: the host can be shown all the same. */
export async function readJournal(reader: Reader): Promise<JournalRead> {
  const result = await reader.read(JOURNAL_FILE)
  if (result.kind === 'absent') return { ...NO_JOURNAL, there: false, unreadable: null }
  if (result.kind === 'denied') return { ...NO_JOURNAL, there: true, unreadable: result.why }
  return { ...foldJournal(parseJournal(result.text)), there: true, unreadable: null }
}

/**
 * Returns the recovery sheet kept beside the journal; null while nothing is in force. Throws `permission` when it is
 * hidden.
 */
export async function readRecoverySheet(reader: Reader): Promise<string | null> {
  const result = await reader.read(RECOVERY_SHEET)
  if (result.kind === 'text') return result.text
  if (result.kind === 'absent') return null
  throw new ProblemError('permission', `${RECOVERY_SHEET} cannot be read: ${result.why}.`, { hint: 'Read it as root.' })
}

/** Returns the journal as the window shows it, newest first. */
export function journalRows(entries: readonly JournalEntry[]): JournalRow[] {
  return [...entries].reverse().map((entry) => ({
    tx: entry.tx,
    index: entry.index,
    at: entry.at,
    step: entry.step,
    text: changeText(entry.change),
    state: stateOf(entry),
    note: notesOf(entry).join(' ') || null,
    diff: diffOf(entry),
    mayBeLeft: mayBeLeft(entry),
  }))
}

function stateOf({ reverted, failed, after }: JournalEntry): JournalRow['state'] {
  if (reverted !== null) return reverted.left ? 'left as it is' : 'taken back'
  if (failed !== null) return 'not taken back'
  return after === null ? 'unfinished' : 'in force'
}

function notesOf({ contents, failed, reverted }: JournalEntry): string[] {
  const text = contents === null ? [] : [CONTENTS[contents.kept]]
  return [...text, ...(failed === null ? [] : [failed.why]), ...(reverted?.note == null ? [] : [reverted.note])]
}

/** Why there is no diff of a written text. */
const CONTENTS: Readonly<Record<Contents['kept'], string>> = {
  backups: 'Contents only root may read.',
  nowhere: 'It is long ago; what was written is not kept any more.',
}

/** Against the former text; against nothing where there was no file, and null where one of the two is not public. */
function diffOf({ change, before, contents }: JournalEntry): string | null {
  if (change.kind !== 'write-file' || contents !== null) return null
  const former = before.values['former'] ?? (change.expected === null ? '' : null)
  return former === null ? null : createPatch(change.path, former, change.text, undefined, undefined, { context: 3 })
}
