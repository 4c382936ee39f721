import { execa } from 'execa'
import { ProblemError } from '#shared/base/problem.ts'
import { ENVIRONMENT, mustFindTool } from './tools.ts'

/**
 * Writes a kernel attribute from a child process and gives up waiting after `limitMs`: a write that hangs in the
 * kernel cannot be killed, so the child is left behind and the caller told that only a reboot helps.
 */
export async function writeWatched(path: string, value: string, limitMs: number): Promise<void> {
  const child = execa(await mustFindTool('tee'), [path], {
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
