import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { problemOf } from '#shared/base/problem.ts'
import { Kept } from './bounded.ts'
import { drained } from './drained.ts'
import { ENVIRONMENT, POLKIT_SESSION } from './tools.ts'

/** A helper that has answered ends at once, unless it hangs in the kernel. */
const ENDS_WITHIN_MS = 3_000
/** What is kept of either end of what it complains of, in bytes. */
const WORDS = 32 * 1024

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
  /** Its answers; they end with it, whoever holds its output then. */
  lines: AsyncIterable<string>
  ended: Promise<RootEnd>
  /** Settles soon: when it has ended, and with that left its lock to the next, or when it stays, which is not ours to see. */
  letGo: () => Promise<void>
}

/** Starts the helper with pipes. Its stdin is closed after the requests, which tells it to end. It outlives us. */
export function startHelper(command: HelperCommand): RunningHelper {
  const child = spawn(command.path, command.args, { env: { ...ENVIRONMENT, ...POLKIT_SESSION }, stdio: 'pipe' })
  const { stdin, stdout, stderr } = child
  const [answers, said] = [new PassThrough(), new Kept(WORDS, WORDS)]
  let answered = 0
  stdout.on('data', (piece: Buffer) => (answered += piece.length))
  stdout.pipe(answers)
  stderr.on('data', (piece: Buffer) => said.add(piece))
  stdin.on('error', () => undefined)
  const ended = once(child, 'exit').then(
    async () => {
      await drained(child, () => answered + said.bytes)
      return { exitCode: child.exitCode, stderr: said.text() }
    },
    (thrown: unknown) => ({ exitCode: null, stderr: problemOf(thrown).message }),
  )
  void ended.then(() => {
    stdout.unpipe(answers)
    answers.end()
  })
  return {
    send: (lines) => stdin.end(lines.map((line) => `${line}\n`).join('')),
    lines: linesOf(answers),
    ended,
    letGo: async () => {
      await Promise.race([ended, sleep(ENDS_WITHIN_MS, null, { ref: false })])
      for (const part of [stdin, stdout, stderr]) part.destroy()
      child.unref()
    },
  }
}

/** Begins to read when it is first asked: an interface of Node's forgets lines that nobody waited for. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Infinity })
}
