import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

/** Whoever still holds a tool's pipes after its end is not the tool: what it wrote itself was there before. */
const QUIET_MS = 500
const DRAIN_MS = 10_000

/**
 * Waits until all that a program wrote before its end was read, told by the `bytes` that have come so far. What it left
 * behind may hold its pipes for ever.
 */
export async function drained(child: ChildProcess, bytes: () => number): Promise<void> {
  const closed = Promise.all([child.stdout, child.stderr].map(closing)).then(() => true)
  const deadline = Date.now() + DRAIN_MS
  while (Date.now() < deadline) {
    const before = bytes()
    if (await Promise.race([closed, sleep(QUIET_MS, false, { ref: false })])) return
    // What came while this process was busy is read before an immediate runs.
    await setImmediate()
    if (bytes() === before) return
  }
}

async function closing(stream: Readable | null): Promise<void> {
  if (stream !== null && !stream.closed) await once(stream, 'close')
}
