import { ProblemError } from '#shared/base/problem.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'

/** A host or a system: both run tools. */
export interface Runner {
  run(tool: Tool, args: readonly string[], how?: ToolRun): Promise<ToolResult | null>
}

/** What a reading tool prints; null: it is not installed; unknown: it failed, with its words. */
export async function toolText(
  runner: Runner,
  tool: Tool,
  args: readonly string[],
  how?: ToolRun,
): Promise<OrUnknown<string | null>> {
  try {
    return (await runner.run(tool, args, how))?.stdout ?? null
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown
    const { code, message } = thrown.problem
    if (code === 'tool-missing') return null
    if (code === 'tool-failed') return unknownBecause(message)
    throw thrown
  }
}
