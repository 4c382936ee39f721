import { ProblemError } from './problem.ts'
import type { Tool, ToolResult, ToolRun } from './system.ts'

/**
 * Returns a tool's result where its exit code is an expected one. Throws `tool-failed` with its last line and the code.
 */
export function asExpected(tool: Tool, result: ToolResult, { expect = [0], hint }: ToolRun): ToolResult {
  if (expect === 'any' || expect.includes(result.exitCode)) return result
  const detail = wordsOf(result)
  const last = lastLine(result.stderr) ?? lastLine(result.stdout)
  throw new ProblemError(
    'tool-failed',
    `${tool} failed with exit code ${result.exitCode}${last === null ? '.' : `: ${last}`}`,
    { ...(detail === '' ? {} : { detail }), hint: hint ?? `The detail is what ${tool} says.` },
  )
}

/** Returns everything a tool printed, its complaints last. */
function wordsOf({ stdout, stderr }: ToolResult): string {
  return `${stdout}\n${stderr}`.trim()
}

function lastLine(text: string): string | null {
  return text.trim().split('\n').at(-1)?.trim() || null
}
