import { stat } from 'node:fs/promises'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup } from '#host/exec/process-group.ts'
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
  /** After SIGKILL, and the end of the tools it ran. */
  dies: number
}

const PATIENCE: Patience = { waits: 15_000, ends: 60_000, dies: 5_000 }

/**
 * The lock for the guard of a new network, which always wins: who is cut off can do nothing, and nobody else brings the
 * network back. A helper that is still at work is asked to end, then ended; its journal tells what it left, and undo
 * takes that back. One that hangs in the kernel does nothing more once it is killed, so the guard goes on beside it.
 */
export async function takeLockForGuard(system: System, patience: Patience = PATIENCE): Promise<() => Promise<void>> {
  const waited = await lockWithin(system, patience.waits)
  if (waited !== null) return waited
  signal(await holderOf(system), 'SIGTERM')
  const ended = await lockWithin(system, patience.ends)
  if (ended !== null) return ended
  await endHolder(system)
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

/** Ends the helper first, so that it goes on with nothing, then what it ran: a manager that hangs would be in the way. */
async function endHolder(system: System): Promise<void> {
  const pid = await holderOf(system)
  if (pid === null) return
  const children = await system.read(`/proc/${pid}/task/${pid}/children`)
  const tools = children.kind === 'text' ? children.text.split(' ').map(Number).filter(isProcess) : []
  signal(pid, 'SIGKILL')
  await Promise.all(tools.map(endGroup))
}

function signal(pid: number | null, name: NodeJS.Signals): void {
  try {
    if (pid !== null) kill(pid, name)
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ESRCH') throw thrown
  }
}

/** Null: nobody has the lock, or who has it cannot be told for certain. */
async function holderOf(system: System): Promise<number | null> {
  const held = await system.read(NOTE)
  const pid = Number(held.kind === 'text' ? held.text.trim() : '')
  return isProcess(pid) && (await beganBeforeLock(system, pid)) ? pid : null
}

/** Neither everything (0, -1) nor the first process. */
function isProcess(pid: number): boolean {
  return Number.isInteger(pid) && pid > 1
}

/** Whether the process is the one that wrote the lock, not a later one that was given its number. */
async function beganBeforeLock(reader: Reader, pid: number): Promise<boolean> {
  const [told, uptime] = await Promise.all([reader.read(`/proc/${pid}/stat`), reader.read('/proc/uptime')])
  const began = told.kind === 'text' ? parseStat(told.text) : null
  if (began === null || uptime.kind !== 'text') return false
  const age = Number.parseFloat(uptime.text) * 1000 - began.startMs
  return Date.now() - age <= (await stat(NOTE)).mtimeMs + MARGIN_MS
}
