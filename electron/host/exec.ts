import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { note } from './log.ts'

/** Where tools are looked for, in order. The caller's PATH is never used. /usr/libexec holds qemu-kvm on RHEL. */
const TOOL_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/libexec']

const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', LANG: 'C' }

/** By which polkit finds the dialog of the session we are in. */
const SESSION = { XDG_SESSION_ID: process.env['XDG_SESSION_ID'] ?? '' }

export interface RunOptions {
  timeoutMs: number
  input?: string
  onLine?: (line: string) => void
  /** Lets the tool find the user's session bus. */
  sessionBus?: boolean
}

/** The first of these paths at which there is a program that we may run; null: none. */
export async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

/** Absolute path of a tool, or null when this host does not have it. */
export async function findTool(tool: Tool): Promise<string | null> {
  return firstExecutable(TOOL_DIRECTORIES.map((directory) => join(directory, tool)))
}

/**
 * Runs one tool of the closed list with an argument array, a C locale and a time limit.
 * Returns its exit code as data; throws `tool-missing`, or `tool-failed` when it was killed or ran out of time.
 */
export async function runTool(tool: Tool, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  const path = await findTool(tool)
  if (path === null) {
    throw new ProblemError('tool-missing', `${tool} is not installed.`, {
      hint: `Install the package of your distribution that has ${tool}, then check again.`,
    })
  }
  const child = execa(path, args, {
    env: { ...ENVIRONMENT, ...(options.sessionBus === true ? sessionEnvironment() : {}) },
    extendEnv: false,
    reject: false,
    timeout: options.timeoutMs,
    maxBuffer: 64_000_000,
    stripFinalNewline: false,
    all: true,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  })
  const { onLine } = options
  if (onLine !== undefined) {
    for await (const line of child.iterable({ from: 'all' })) onLine(line)
  }
  const result = await child
  if (result.exitCode === undefined) {
    throw new ProblemError('tool-failed', `${tool} did not finish: ${result.shortMessage}`, {
      detail: result.stderr,
      hint: 'Try it once more; the detail is what it said.',
    })
  }
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
}

function sessionEnvironment(): Record<string, string> {
  const names = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/**
 * Writes a kernel attribute from a child process and gives up waiting after `limitMs`: a write that hangs in the
 * kernel cannot be killed, so the child is left behind and the caller told that only a reboot helps.
 */
export async function writeWatched(path: string, value: string, limitMs: number): Promise<void> {
  const tee = await findTool('tee')
  if (tee === null)
    throw new ProblemError('tool-missing', 'tee is not installed.', { hint: 'It is part of coreutils.' })
  const child = execa(tee, [path], {
    env: ENVIRONMENT,
    extendEnv: false,
    reject: false,
    input: value,
    stdout: 'ignore',
    cleanup: false,
  })
  const late = new Promise<null>((resolve) => setTimeout(resolve, limitMs, null).unref())
  const result = await Promise.race([child, late])
  if (result === null) {
    child.unref()
    throw new ProblemError('reboot-needed', `The kernel did not finish writing ${path} within ${limitMs / 1000} s.`, {
      hint: 'The driver is stuck on this device. Nothing else was touched; reboot the host.',
    })
  }
  if (result.exitCode === 0) return
  throw new ProblemError(
    'tool-failed',
    `The kernel refused "${value.trim()}" for ${path}: ${result.stderr.trim() || result.shortMessage || 'no reason given'}`,
    { hint: 'The kernel log (journalctl -k) may say why.' },
  )
}

/** Starts a program that outlives us, its output in a log file that is created anew. Returns once it runs. */
export async function startDetached(
  tool: Tool,
  args: readonly string[],
  log: { path: string; uid: number; gid: number },
): Promise<void> {
  const path = await findTool(tool)
  if (path === null)
    throw new ProblemError('tool-missing', `${tool} is not installed.`, {
      hint: `Install the package that has ${tool}, then try again.`,
    })
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
  const file = await open(log.path, flags, 0o640)
  try {
    await file.chown(log.uid, log.gid)
    const stdio = ['ignore', file.fd, file.fd] as const
    const child = spawn(path, args, { detached: true, stdio: [...stdio], env: ENVIRONMENT, cwd: '/' })
    await once(child, 'spawn')
    child.unref()
  } finally {
    await file.close()
  }
}

/** Follows a tool's output line by line until `stop` is called or it ends by itself. Its absence is no fault. */
export async function followTool(
  tool: Tool,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<{ stop: () => void }> {
  const path = await findTool(tool)
  if (path === null) return { stop: () => undefined }
  const child = execa(path, args, { env: ENVIRONMENT, extendEnv: false, reject: false, buffer: false, stdin: 'ignore' })
  const reading = async () => {
    for await (const line of child.iterable()) onLine(line)
  }
  reading().catch((thrown: unknown) => note(`${tool} is not followed any more: ${String(thrown)}`))
  return { stop: () => child.kill() }
}

/** Prints the libraries of the Node that runs it (process.report; its network part would ask name servers). */
const TELLS_LIBRARIES =
  'process.report.excludeNetwork = true; console.log(JSON.stringify(process.report.getReport().sharedObjects))'

/** Absolute paths of the libraries a Node is linked to, its loader included. Throws `tool-failed` when it tells none. */
export async function librariesOf(node: string): Promise<string[]> {
  const { stdout, exitCode, stderr } = await execa(node, ['-e', TELLS_LIBRARIES], {
    env: ENVIRONMENT,
    extendEnv: false,
    reject: false,
  })
  if (exitCode !== 0)
    throw new ProblemError('tool-failed', `${node} does not tell its libraries.`, {
      detail: stderr,
      hint: 'Install another Node, then build again.',
    })
  const named = z.array(z.string()).parse(JSON.parse(stdout))
  // The kernel's own page (vdso(7)) is no file.
  return named.filter((path) => path.startsWith('/'))
}

/** Runs a shell with a script on its standard input: through pkexec, or directly (null) when we are root already. */
export async function runAsAdmin(
  pkexec: string | null,
  args: readonly string[],
  script: string,
): Promise<{ exitCode: number | null; stderr: string }> {
  const [program = '', ...words] = [...(pkexec === null ? [] : [pkexec]), '/bin/sh', ...args]
  const result = await execa(program, words, {
    env: { ...ENVIRONMENT, ...SESSION },
    extendEnv: false,
    reject: false,
    input: script,
  })
  return { exitCode: result.exitCode ?? null, stderr: result.stderr }
}

/** How the helper is started: by pkexec at its fixed path, or directly when we are root already. */
export interface HelperCommand {
  tool: 'pkexec' | 'direct'
  path: string
  args: string[]
}

export interface RunningHelper {
  send: (lines: readonly string[]) => void
  lines: AsyncIterable<string>
  ended: Promise<{ exitCode: number | null; stderr: string }>
}

/** Starts the helper with pipes. Its stdin is closed after the requests, which tells it to end. */
export function startHelper(command: HelperCommand): RunningHelper {
  const child = execa(command.path, command.args, {
    env: { ...ENVIRONMENT, ...SESSION },
    extendEnv: false,
    reject: false,
    buffer: { stdout: false },
    cleanup: false,
  })
  child.stdin.on('error', () => undefined)
  return {
    send: (lines) => child.stdin.end(lines.map((line) => `${line}\n`).join('')),
    lines: child.iterable({ from: 'stdout' }),
    ended: child.then((result) => ({ exitCode: result.exitCode ?? null, stderr: result.stderr })),
  }
}
