import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '#shared/base/problem.ts'
import type { GuestAgent } from './client.ts'
import { execStarted, execStatus } from './messages.ts'

const LOOK_IN_GUEST = 'Look at the guest’s screen; the same program can be started there.'

const PAUSE_MS = 200

/** Runs a program in the guest with an argument array and returns what it printed. Throws `agent` when it fails or is late. */
export async function runInGuest(
  agent: GuestAgent,
  path: string,
  args: readonly string[],
  limitMs: number,
): Promise<string> {
  const answer = await agent.command('guest-exec', { path, arg: args, 'capture-output': true })
  const { pid } = execStarted.parse(answer)
  const deadline = Date.now() + limitMs
  for (;;) {
    const status = execStatus.parse(await agent.command('guest-exec-status', { pid }))
    if (status.exited) return outputOf(path, status.exitcode ?? null, status['out-data'] ?? '')
    if (Date.now() > deadline)
      throw new ProblemError('agent', `${path} did not end in the guest within ${limitMs / 1000} s.`, {
        hint: LOOK_IN_GUEST,
      })
    await sleep(PAUSE_MS)
  }
}

function outputOf(path: string, exitCode: number | null, base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  if (exitCode === 0) return text
  throw new ProblemError('agent', `${path} failed in the guest: exit code ${exitCode ?? 'unknown'}.`, {
    hint: LOOK_IN_GUEST,
  })
}
