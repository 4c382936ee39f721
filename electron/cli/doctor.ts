import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'
import { allOk, doctorText } from './print.ts'

/** Prints nine steps, one line each; 1 when something is not ok. */
export function doctor(studio: Studio, command: Command): number {
  const { steps, notice } = studio.current
  if (command.json) stdout.write(`${JSON.stringify(steps, null, 2)}\n`)
  else stdout.write(`${doctorText(steps)}${notice === null ? '' : `${notice}\n`}`)
  return allOk(steps) ? 0 : 1
}
