import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from '../file-reader.ts'

export function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch (thrown) {
    if (errnoOf(thrown) === 'ESRCH') return false
    throw thrown
  }
}

/** What was ended is gone a moment later, when somebody has asked how it ended. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(50)
}
