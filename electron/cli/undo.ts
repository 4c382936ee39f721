import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'
import { rebootHint } from './print.ts'

/** Takes changes back; 1 when something was not taken back, or not exactly. */
export async function undo(studio: Studio, command: Command): Promise<number> {
  const { journal, journalTroubles } = studio.current
  if (journal.every((entry) => entry.reverted !== null)) {
    const troubles = journalTroubles.map(({ text, fix }) => `${text} ${fix?.text ?? ''}\n`)
    stdout.write(troubles.length === 0 ? 'There is nothing to take back.\n' : troubles.join(''))
    return troubles.length === 0 ? 0 : 1
  }
  const undone = await studio.undo({ kind: command.scope })
  stdout.write(
    command.json ? `${JSON.stringify(undone)}\n` : `${studio.current.notice ?? ''}${rebootHint(studio, 'undo')}\n`,
  )
  return undone.notes.length + undone.left.length === 0 ? 0 : 1
}
