import { setTimeout as sleep } from 'node:timers/promises'

/** Attributes of devices: some are handed out under a lock that a hanging driver never gives back. */
const SYSFS = '/sys/'
/** No read that comes back takes so long, also not one that wakes a sleeping card on a busy host. */
const LIMIT_MS = 30_000
const LATE = Symbol('late')

/**
 * Gives up waiting for a read of sysfs that hangs in the kernel: one file is unknown then, not the whole look. The read
 * itself cannot be ended and keeps one of Node's four threads for files, so as long as it hangs it is not begun again.
 */
export class HungReads {
  private readonly hanging = new Set<string>()
  private readonly limitMs: number

  constructor(limitMs = LIMIT_MS) {
    this.limitMs = limitMs
  }

  /** Throws ETIMEDOUT, as a file of a network does, when the read does not come back. */
  async read<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (!path.startsWith(SYSFS)) return work()
    if (this.hanging.has(path)) throw timedOut(path)
    const reading = work()
    const limit = new AbortController()
    const late = sleep(this.limitMs, LATE, { signal: limit.signal, ref: false })
    late.catch(() => undefined)
    const first = await Promise.race([reading, late]).finally(() => limit.abort())
    if (first !== LATE) return first
    this.hanging.add(path)
    reading.finally(() => this.hanging.delete(path)).catch(() => undefined)
    throw timedOut(path)
  }
}

function timedOut(path: string): Error {
  return Object.assign(new Error(`${path} does not answer.`), { code: 'ETIMEDOUT' })
}
