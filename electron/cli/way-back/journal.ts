import { stderr, stdout } from 'node:process'
import { type JournalRead, journalRows, readJournal } from '#app/session/journal-reader.ts'
import { RealHost } from '#host/real/real.ts'
import { RESCUE_SCRIPT } from '#shared/base/own-files.ts'
import type { Reader } from '#shared/base/system.ts'
import { changeText } from '#shared/plan/change.ts'
import { changeName } from '#shared/plan/change-name.ts'
import { type JournalEntry, mayBeLeft } from '#shared/plan/journal.ts'
import { doubtText } from '#shared/plan/journal-rows.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import type { Command } from '../arguments.ts'

/**
 * Prints every change of this program that is in force on this host, as far as the journal tells; 1 where it does not
 * tell all. Reads the journal and nothing else.
 */
export async function journal({ json }: Command, reader: Reader = new RealHost()): Promise<number> {
  const read = await readJournal(reader)
  const troubles = troublesOf(read)
  troubles.forEach((text) => stderr.write(`${text}\n`))
  stdout.write(listing(read, json, troubles.length === 0))
  return troubles.length === 0 ? 0 : 1
}

/** Lines that could not be understood, or why the whole could not be read. */
function troublesOf({ unreadable, doubts }: JournalRead): string[] {
  if (unreadable !== null) return [`The journal cannot be read: ${unreadable}.`]
  return doubts.filter(({ bars }) => bars).map(doubtText)
}

function listing({ entries }: JournalRead, json: boolean, whole: boolean): string {
  const open = entries.filter((entry) => entry.reverted === null)
  if (json) return `${JSON.stringify(journalRows(open))}\n`
  if (open.length === 0)
    return whole
      ? 'Nothing of Passthrough Studio is in force on this host.\n'
      : 'What it cannot tell may be in force. The verb doctor says what to do.\n'
  const rows = open.map(row)
  return `In force on this host (${open.length}):\n${rows.join('')}Take back: the verb undo --all; without this program: sudo sh ${RESCUE_SCRIPT}\n`
}

/** A change that is in force; one that undo had to leave with the reason, and the name to leave it by. */
function row(entry: JournalEntry): string {
  const head = `  step ${stepNumber(entry.step)}  ${changeText(entry.change)}\n`
  if (!mayBeLeft(entry)) return head
  const why = entry.failed === null ? '' : `Not taken back: ${entry.failed.why} `
  return `${head}          ${why}To leave it as it is: the verb leave ${changeName(entry)}\n`
}
