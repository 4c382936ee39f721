import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'
import { rebootHint } from './print.ts'

/** Takes changes back; 1 when something could not be taken back exactly. */
export async function undo(studio: Studio, command: Command): Promise<number> {
  const open = studio.current.journal.filter((entry) => entry.reverted === null)
  if (open.length === 0) {
    stdout.write('There is nothing to take back.\n')
    return 0
  }
  const notes = await studio.undo({ kind: command.scope })
  stdout.write(
    command.json ? `${JSON.stringify({ notes })}\n` : `${studio.current.notice ?? ''}${rebootHint(studio, 'undo')}\n`,
  )
  return notes.length === 0 ? 0 : 1
}
