import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProblemError } from '#shared/base/problem.ts'
import { firstExecutable } from './exec/tools.ts'

/** A program that cannot open its window says so at once. */
const OPENS_WITHIN_MS = 1500

/**
 * Opens a program with a window, found at the first of these paths that is there, in the user's own session. It
 * outlives us. Throws `tool-missing`, or `tool-failed` with its words when it ends at once.
 */
export async function openProgram(paths: readonly string[], args: readonly string[]): Promise<void> {
  const path = await firstExecutable(paths)
  if (path === null)
    throw new ProblemError('tool-missing', `${paths[0] ?? 'The program'} is not installed.`, {
      hint: 'Install it, then check again.',
    })
  const directory = await mkdtemp(join(tmpdir(), 'passthrough-studio-'))
  // A file and no pipe: a program that writes into a pipe nobody reads any more is killed.
  const log = await open(join(directory, 'stderr'), 'wx+', 0o600)
  try {
    const [program = path, ...rest] = [...(await withoutOurFiles()), path, ...args]
    const child = spawn(program, rest, { detached: true, stdio: ['ignore', 'ignore', log.fd] })
    await once(child, 'spawn')
    const opened = new Promise<null>((resolve) => setTimeout(resolve, OPENS_WITHIN_MS, null).unref())
    const ended = await Promise.race([once(child, 'exit'), opened])
    if (ended === null) return child.unref()
    const detail = (await readFile(join(directory, 'stderr'), 'utf8')).trim()
    const words = detail === '' ? `exit code ${child.exitCode ?? 'unknown'}` : (detail.split('\n').at(-1) ?? '')
    throw new ProblemError('tool-failed', `${path} ended at once: ${words}`, {
      detail,
      hint: 'The detail is what it said; started in a terminal it may say more.',
    })
  } finally {
    await log.close()
    await rm(directory, { recursive: true })
  }
}

/**
 * Returns what goes before the command of a program that outlives us. Chromium leaves its own sockets open in every
 * child that Node makes; while one of them is held elsewhere, its processes do not notice that the window is gone.
 */
export async function withoutOurFiles(): Promise<string[]> {
  const bash = await firstExecutable(['/bin/bash', '/usr/bin/bash'])
  return bash === null ? [] : [bash, '-c', CLOSE_ALL, 'bash']
}

/** In bash `{fd}>&-` closes the file of that number (bash(1), REDIRECTION); POSIX shells stop at 9. */
const CLOSE_ALL = 'for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || exec {fd}>&-; done; exec "$@"'
