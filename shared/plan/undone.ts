import { z } from 'zod'
import { problem } from '../base/problem.ts'

/** A change that could not be taken back and is still in force. */
export const leftChange = z.strictObject({ tx: z.string(), index: z.number().int(), text: z.string(), problem })
export type LeftChange = z.infer<typeof leftChange>

/** What came of taking changes back. */
export interface Undone {
  /** What went back otherwise than byte for byte, and what else is to be known. */
  notes: string[]
  left: LeftChange[]
}

export const NOTHING_UNDONE: Undone = { notes: [], left: [] }

/** One change that is still in force: what it is, why, and what next. */
export function leftText({ text, problem }: LeftChange): string {
  return [`Not taken back: ${text}.`, problem.message, problem.hint ?? ''].join(' ').trim()
}

/** What went back, in a few sentences; what did not is told apart from it. */
export function takenBackText({ notes, left }: Undone): string {
  const head = left.length === 0 ? 'Taken back.' : 'The rest was taken back.'
  return [head, ...notes].join(' ')
}

/** All that came of it, one change that is left a line. */
export function undoneText(undone: Undone): string {
  return [...undone.left.map(leftText), takenBackText(undone)].join('\n')
}
