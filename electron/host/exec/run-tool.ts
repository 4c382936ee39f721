import { execa } from 'execa'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { ENVIRONMENT, mustFindTool, sessionBus } from './tools.ts'

export interface RunOptions extends ToolRun {
  timeoutMs: number
  input?: string
  /** Ends the tool with SIGTERM when told; it then counts as one that did not finish. */
  stop?: AbortSignal
  /** Lets the tool find the user's session bus. */
  sessionBus?: boolean
}

/**
 * Runs one tool of the closed list with an argument array, a C locale and a time limit. Throws `tool-missing`, or
 * `tool-failed` when it ended with a code that was not expected, was killed or ran out of time.
 */
export async function runTool(tool: Tool, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  const child = execa(await mustFindTool(tool), args, {
    env: { ...ENVIRONMENT, ...(options.sessionBus === true ? sessionBus() : {}) },
    extendEnv: false,
    reject: false,
    timeout: options.timeoutMs,
    maxBuffer: 64_000_000,
    stripFinalNewline: false,
    all: true,
    ...(options.stop === undefined ? {} : { cancelSignal: options.stop }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  })
  const { onLine } = options
  if (onLine !== undefined) {
    for await (const line of child.iterable({ from: 'all' })) onLine(line)
  }
  const { exitCode, stdout, stderr, shortMessage } = await child
  if (exitCode !== undefined) return asExpected(tool, { exitCode, stdout, stderr }, options)
  throw new ProblemError('tool-failed', `${tool} did not finish: ${shortMessage ?? 'no reason given'}`, {
    detail: stderr,
    hint: 'Try it once more; the detail is what it said.',
  })
}
