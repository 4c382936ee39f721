import { stdout } from 'node:process'
import { journalRows, readJournal } from '#app/session/journal-reader.ts'
import { RealHost } from '#host/real/real.ts'
import { RESCUE_SCRIPT } from '#shared/base/own-files.ts'
import { changeText } from '#shared/plan/change.ts'
import { changeName } from '#shared/plan/change-name.ts'
import { type JournalEntry, mayBeLeft } from '#shared/plan/journal.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import type { Command } from './arguments.ts'

/** Prints every change of this program that is in force on this host. Reads the journal and nothing else. */
export async function journal({ json }: Command): Promise<number> {
  const { entries } = await readJournal(new RealHost())
  const open = entries.filter((entry) => entry.reverted === null)
  if (json) {
    stdout.write(`${JSON.stringify(journalRows(open))}\n`)
    return 0
  }
  if (open.length === 0) {
    stdout.write('Nothing of Passthrough Studio is in force on this host.\n')
    return 0
  }
  const rows = open.map(row)
  stdout.write(
    `In force on this host (${open.length}):\n${rows.join('')}Take back: the verb undo --all; without this program: sudo sh ${RESCUE_SCRIPT}\n`,
  )
  return 0
}

/** A change that is in force; one that undo had to leave with the reason, and the name to leave it by. */
function row(entry: JournalEntry): string {
  const head = `  step ${stepNumber(entry.step)}  ${changeText(entry.change)}\n`
  if (!mayBeLeft(entry)) return head
  const why = entry.failed === null ? '' : `Not taken back: ${entry.failed.why} `
  return `${head}          ${why}To leave it as it is: the verb leave ${changeName(entry)}\n`
}
