import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import type { Command } from './arguments.ts'
import { planText } from './print.ts'

/** Prints what a step would change. */
export function plan(studio: Studio, command: Command): number {
  const view = studio.viewOf(command.step ?? 'platform')
  stdout.write(command.json ? `${JSON.stringify(view.plan, null, 2)}\n` : planText(view.plan))
  return 0
}
