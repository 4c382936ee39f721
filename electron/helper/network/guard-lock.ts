import { stat } from 'node:fs/promises'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from '#host/file-reader.ts'
import { parseStat } from '#host/probe/process-stat.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { Reader, System } from '#shared/base/system.ts'
import { HOLDER, takeLock } from '../lock/lock.ts'

/** What says whose the lock is. */
const NOTE = `${RUN_DIRECTORY}/${HOLDER}`
const PAUSE_MS = 200
/** A lock is written right after its holder has begun; a process that began later only has its number. */
const MARGIN_MS = 2_000

/** How long each way of asking for the lock is given. In milliseconds. */
export interface Patience {
  /** For what is done in a moment. */
  waits: number
  /** After SIGTERM: the holder finishes its change and takes its plan back. */
  ends: number
  /** After SIGKILL. */
  dies: number
}

const PATIENCE: Patience = { waits: 20_000, ends: 120_000, dies: 5_000 }

/**
 * The lock for the guard of a new network, which always wins: who is cut off can do nothing, and nobody else brings the
 * network back. A helper that is still at work is asked to end, then ended; its journal tells what it left, and undo
 * takes that back. One that hangs in the kernel does nothing more once it is killed, so the guard goes on beside it.
 */
export async function takeLockForGuard(system: System, patience: Patience = PATIENCE): Promise<() => Promise<void>> {
  const waited = await lockWithin(system, patience.waits)
  if (waited !== null) return waited
  await signalHolder(system, 'SIGTERM')
  const ended = await lockWithin(system, patience.ends)
  if (ended !== null) return ended
  await signalHolder(system, 'SIGKILL')
  return (await lockWithin(system, patience.dies)) ?? (async () => undefined)
}

/** Null: somebody else has it all the time. */
async function lockWithin(system: System, limitMs: number): Promise<(() => Promise<void>) | null> {
  for (const deadline = Date.now() + limitMs; ;) {
    try {
      return await takeLock(system)
    } catch (thrown) {
      if (problemOf(thrown).code !== 'busy') throw thrown
    }
    if (Date.now() > deadline) return null
    await sleep(PAUSE_MS)
  }
}

async function signalHolder(system: System, signal: NodeJS.Signals): Promise<void> {
  const held = await system.read(NOTE)
  const pid = Number(held.kind === 'text' ? held.text.trim() : '')
  if (!Number.isInteger(pid) || pid <= 1 || !(await beganBeforeLock(system, pid))) return
  try {
    kill(pid, signal)
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ESRCH') throw thrown
  }
}

/** Whether the process is the one that wrote the lock, not a later one that was given its number. */
async function beganBeforeLock(reader: Reader, pid: number): Promise<boolean> {
  const [told, uptime] = await Promise.all([reader.read(`/proc/${pid}/stat`), reader.read('/proc/uptime')])
  const began = told.kind === 'text' ? parseStat(told.text) : null
  if (began === null || uptime.kind !== 'text') return false
  const age = Number.parseFloat(uptime.text) * 1000 - began.startMs
  return Date.now() - age <= (await stat(NOTE)).mtimeMs + MARGIN_MS
}
