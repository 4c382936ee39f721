import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import { drained } from './drained.ts'
import { listen, type Outputs } from './outputs.ts'
import { endGroup, startGroup } from './process-group.ts'
import { droppedTo, ENVIRONMENT, mustFindTool, sessionBus } from './tools.ts'

export interface RunOptions extends ToolRun {
  timeoutMs: number
  /** Ends the tool with SIGTERM when told; it then counts as one that did not finish. */
  stop?: AbortSignal
  /** Lets the tool find the user's session bus. */
  sessionBus?: boolean
}

const TOO_MUCH = 'it printed more than is read'

/**
 * Runs one tool of the closed list with an argument array, a C locale and a time limit that holds for everything it
 * starts. With `onLine` its output is a log, of which the result has beginning and end; else a text, whole or not at
 * all. Throws `tool-missing`, or `tool-failed` when it ended with a code that was not expected, was killed, ran out of
 * time or printed too much.
 */
export async function runTool(tool: Tool, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  const env = { ...ENVIRONMENT, ...options.environment, ...(options.sessionBus === true ? sessionBus() : {}) }
  const child = startGroup(await mustFindTool(tool), args, env, options.input)
  const outputs = listen(child, options)
  try {
    const end = await endOf(child, outputs, options)
    const isText = options.onLine === undefined
    const why = isText && outputs.stdout.isCut ? TOO_MUCH : end.why
    const [stdout, stderr] = [outputs.stdout.text(), outputs.stderr.text()]
    if (why === null) return asExpected(tool, { exitCode: end.exitCode, stdout, stderr }, options)
    throw new ProblemError('tool-failed', `${tool} did not finish: ${why}.`, {
      detail: stderr,
      hint: end.hangs
        ? 'It hangs in the kernel and cannot be ended. Reboot the host.'
        : 'Try it once more; the detail is what it said.',
    })
  } finally {
    outputs.close()
  }
}

/** The same as a user, for whom root drops everything first (setpriv(1)); null: as whoever runs this. */
export function runToolAs(
  user: Readonly<{ uid: number; gid: number }> | null,
  tool: Tool,
  args: readonly string[],
  options: RunOptions,
): Promise<ToolResult> {
  if (user === null) return runTool(tool, args, options)
  return runTool('setpriv', [...droppedTo(user), '--', tool, ...args], options)
}

/** How a tool's run ended; `why` null: by itself, with this exit code. */
interface End {
  exitCode: number
  why: string | null
  /** It could not even be killed. */
  hangs: boolean
}

async function endOf(child: ChildProcess, outputs: Outputs, { timeoutMs, stop }: RunOptions): Promise<End> {
  const exit = once(child, 'exit').then(
    () => endedBy(child),
    (thrown: unknown) => stopped(`it could not be started (${problemOf(thrown).message})`),
  )
  const limit = new AbortController()
  const late = sleep(timeoutMs, `it took longer than ${timeoutMs / 1000} s and was ended`, { signal: limit.signal })
  late.catch(() => undefined)
  const much = outputs.tooMuch.then(() => TOO_MUCH)
  const told = stopOf(stop, limit.signal).then(() => 'it was told to end')
  const end = await Promise.race([exit, late, much, told]).finally(() => limit.abort())
  if (typeof end !== 'string') {
    await drained(child, outputs.bytes)
    return end
  }
  const gone = child.pid === undefined || (await endGroup(child.pid))
  const hangs = !gone && child.exitCode === null && child.signalCode === null
  // A process that hangs in the kernel must not keep ours alive.
  child.unref()
  return { ...stopped(end), hangs }
}

/** Settles when the caller wants it no more. */
function stopOf(stop: AbortSignal | undefined, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted === true) resolve()
    else stop?.addEventListener('abort', () => resolve(), { once: true, signal: over })
  })
}

function endedBy({ exitCode, signalCode }: ChildProcess): End {
  return exitCode === null
    ? stopped(`it was ended by ${signalCode ?? 'a signal'}`)
    : { exitCode, why: null, hangs: false }
}

function stopped(why: string): End {
  return { exitCode: -1, why, hangs: false }
}
