import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from '../file-reader.ts'

/** What a group gets between being asked to end and being ended. */
const GRACE_MS = 5_000
/** The kernel ends a process at once, unless it hangs in the kernel itself. */
const KILLED_WITHIN_MS = 2_000
const PAUSE_MS = 50

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
/** Groups that must not outlive us, by the id of their leader. */
const running = new Set<number>()

/**
 * Starts a program as the leader of a session and a process group of its own (setsid(2)). A terminal that closes does
 * not end it half-way, everything that it starts can be ended with it, and it is ended when we end before it.
 */
export function startGroup(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string | undefined,
): ChildProcess {
  const child = spawn(path, args, {
    env,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid !== undefined) {
    keep(pid)
    child.once('exit', () => forget(pid))
  }
  // A program that does not read what it is given says so itself.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  return child
}

/** Asks everything in a group to end, and after a grace ends it. False: something of it hangs in the kernel. */
export async function endGroup(pid: number): Promise<boolean> {
  signalGroup(pid, 'SIGTERM')
  if (await isGone(pid, GRACE_MS)) return true
  signalGroup(pid, 'SIGKILL')
  return isGone(pid, KILLED_WITHIN_MS)
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) return false
    await sleep(PAUSE_MS)
  }
  return true
}

/** Whether there was anything to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch (thrown) {
    const errno = errnoOf(thrown)
    // What became another user's is not ours to end any more.
    if (errno === 'ESRCH' || errno === 'EPERM') return false
    throw thrown
  }
}

function keep(pid: number): void {
  if (running.size === 0) {
    process.on('exit', endAll)
    for (const signal of SIGNALS) process.on(signal, endBySignal)
  }
  running.add(pid)
}

function forget(pid: number): void {
  if (!running.delete(pid) || running.size > 0) return
  process.off('exit', endAll)
  for (const signal of SIGNALS) process.off(signal, endBySignal)
}

function endAll(): void {
  for (const pid of running) signalGroup(pid, 'SIGTERM')
}

/** Ends us as if nobody had listened; where somebody else listens, it is theirs to decide. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  endAll()
  running.forEach(forget)
  process.kill(process.pid, signal)
}
