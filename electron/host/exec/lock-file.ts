import { spawn } from 'node:child_process'
import type { FileHandle } from 'node:fs/promises'
import { ProblemError } from '#shared/base/problem.ts'
import { ENVIRONMENT, mustFindTool } from './tools.ts'

/** What flock(1) says when somebody else has the lock. */
const TAKEN = 1

/**
 * Takes the kernel's lock on an open file. It belongs to the open file, not to the program that asked for it (flock(2)):
 * flock(1) is lent the file and ends again, and the lock stays as long as we have it open. The kernel lets go of it
 * however we end. False: somebody else has it. Throws `tool-missing`, `tool-failed`.
 */
export async function lockFile(file: FileHandle): Promise<boolean> {
  const stdio = ['ignore', 'ignore', 'ignore', file.fd] as const
  const child = spawn(await mustFindTool('flock'), ['-x', '-n', '3'], { stdio: [...stdio], env: ENVIRONMENT })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve))
  if (code === 0 || code === TAKEN) return code === 0
  throw new ProblemError(
    'tool-failed',
    `flock does not lock a file: it ended with ${code === null ? 'a signal' : `code ${code}`}.`,
    {
      hint: 'It is part of util-linux; look whether another program stands in its place.',
    },
  )
}
