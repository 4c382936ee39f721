import { ProblemError } from '#shared/base/problem.ts'
import type { Tool } from '#shared/base/system.ts'
import type { Work } from './handler.ts'

/** Runs a tool, passes its lines on, and throws with its last words when it fails. Returns what it printed. */
export async function runChecked(work: Work, tool: Tool, args: readonly string[]): Promise<string> {
  const result = await work.system.run(tool, args, work.log)
  if (result.exitCode === 0) return result.stdout
  const detail = `${result.stdout}\n${result.stderr}`.trim()
  throw new ProblemError(
    'tool-failed',
    `${tool} failed with exit code ${result.exitCode}: ${detail.split('\n').at(-1) ?? ''}`,
    { detail, hint: `The detail is what ${tool} says. What this step had changed is taken back.` },
  )
}
