import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { changeText } from '#shared/plan/change.ts'
import { changeName } from '#shared/plan/change-name.ts'
import { mayBeLeft } from '#shared/plan/journal.ts'
import type { Command } from '../arguments.ts'

/** Leaves one change as it is that could not be taken back; from then on it counts as the admin's own. */
export async function leave(studio: Studio, { change, json }: Command): Promise<number> {
  if (change === null) throw new ProblemError('usage', 'Which change?', { hint: NAMES })
  const { tx, index } = change
  const entry = studio.current.journal.find((one) => one.tx === tx && one.index === index)
  // Before a password is asked for; the helper looks for itself.
  if (entry === undefined || !mayBeLeft(entry))
    throw new ProblemError('conflict', `${changeName(change)} is no change that undo had to leave.`, { hint: NAMES })
  await studio.leave(tx, index)
  const text = changeText(entry.change)
  stdout.write(json ? `${JSON.stringify({ left: { tx, index, text } })}\n` : `Left as it is: ${text}.\n`)
  return 0
}

const NAMES = 'The verb journal names those that can be left.'
