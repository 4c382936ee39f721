import { z } from 'zod'
import { phase } from './phase.ts'

/** What the helper said in one run of an action. `first`: the number of the first line, as the oldest are dropped. */
export const runLog = z.strictObject({ run: z.number().int(), first: z.number().int(), lines: z.array(z.string()) })
export type RunLog = z.infer<typeof runLog>

/** The phase of an action that goes on, and lines of its log that were not sent before. */
export const progress = z.strictObject({ phase, log: runLog })
export type Progress = z.infer<typeof progress>

const MOST_LINES = 500

/** Returns a log with more lines at its end. */
export function logWith({ run, first, lines }: RunLog, more: readonly string[]): RunLog {
  const all = [...lines, ...more]
  const dropped = Math.max(0, all.length - MOST_LINES)
  return { run, first: first + dropped, lines: all.slice(dropped) }
}

/** Puts news behind what is known. @returns null when something between them is missing. */
export function logJoined(known: RunLog, news: RunLog): RunLog | null {
  const next = known.first + known.lines.length
  if (news.run === known.run && news.first === next) return logWith(known, news.lines)
  return news.first === 0 ? news : null
}
