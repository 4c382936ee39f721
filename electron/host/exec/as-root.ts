import { execa } from 'execa'
import { ENVIRONMENT, POLKIT_SESSION } from './tools.ts'

/** How a program that runs as root has ended; exit code null: it was killed. */
export interface RootEnd {
  exitCode: number | null
  stderr: string
}

/** Runs a shell with a script on its standard input: through pkexec, or directly (null) when we are root already. */
export async function runAsAdmin(pkexec: string | null, args: readonly string[], script: string): Promise<RootEnd> {
  const [program = '', ...words] = [...(pkexec === null ? [] : [pkexec]), '/bin/sh', ...args]
  const result = await execa(program, words, {
    env: { ...ENVIRONMENT, ...POLKIT_SESSION },
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
  ended: Promise<RootEnd>
}

/** Starts the helper with pipes. Its stdin is closed after the requests, which tells it to end. */
export function startHelper(command: HelperCommand): RunningHelper {
  const child = execa(command.path, command.args, {
    env: { ...ENVIRONMENT, ...POLKIT_SESSION },
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
