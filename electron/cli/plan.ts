import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'
import { plannedText } from './print.ts'

/** Prints what a step would change. */
export function plan(studio: Studio, command: Command): number {
  const view = studio.viewOf(command.step ?? 'platform')
  stdout.write(command.json ? `${JSON.stringify(view.plan, null, 2)}\n` : plannedText(view))
  return 0
}
