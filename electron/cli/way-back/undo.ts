import { stderr, stdout } from 'node:process'
import { onTerminal, type Program } from '#app/privilege/program.ts'
import type { Studio } from '#app/studio.ts'
import { changeName } from '#shared/plan/change-name.ts'
import { mayBeLeft } from '#shared/plan/journal.ts'
import { type Undone, undoneText } from '#shared/plan/undone.ts'
import type { Command } from '../arguments.ts'
import { rebootHint, simulatedHint } from '../print.ts'

/** Takes changes back; 1 when something was not taken back, or not exactly. */
export async function undo(studio: Studio, command: Command, program: Program): Promise<number> {
  const { journal, journalTroubles } = studio.current
  if (journal.every((entry) => entry.reverted !== null)) {
    const troubles = journalTroubles.map(({ text, fix }) => `${text} ${fix?.text ?? ''}\n`)
    stdout.write(troubles.length === 0 ? 'There is nothing to take back.\n' : troubles.join(''))
    if (!command.json) stderr.write(simulatedHint(studio))
    return troubles.length === 0 ? 0 : 1
  }
  const undone = await studio.undo({ kind: command.scope })
  stdout.write(
    command.json
      ? `${JSON.stringify(undone)}\n`
      : `${undoneText(undone)}${rebootHint(studio, 'undo')}\n${leaving(studio, undone, program)}`,
  )
  return undone.notes.length + undone.left.length === 0 ? 0 : 1
}

/** The next command for each change that was not taken back: to leave it as it is, in place of another try. */
function leaving({ current: { journal } }: Studio, { left }: Undone, program: Program): string {
  return left
    .filter(({ tx, index }) => journal.some((entry) => entry.tx === tx && entry.index === index && mayBeLeft(entry)))
    .map((each) => `To leave as it is: ${each.text}\n  ${onTerminal(program)} leave ${changeName(each)}\n`)
    .join('')
}
