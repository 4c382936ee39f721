import type { Socket } from 'node:net'
import { connectUsers } from '#host/users-socket.ts'
import { ProblemError } from '#shared/base/problem.ts'

/** How many bytes are read ahead of the reader, and how many may wait for a peer that does not read. */
const AHEAD_BYTES = 262_144
const MOST_UNSENT_BYTES = 1_048_576

/**
 * A unix socket whose reader asks for each piece. What is not asked for stays in the kernel, so the peer waits, and
 * nothing piles up here.
 */
export class PullSocket {
  private readonly socket: Socket
  private ended = false
  private reading = false

  private constructor(socket: Socket) {
    this.socket = socket
    // `close` follows in any case, and is what a reader is told.
    socket.on('error', () => undefined)
    socket.on('close', () => (this.ended = true))
  }

  /** Throws `vm-off` when nobody listens or the peer does not accept within `limitMs`. */
  static async connect(path: string, limitMs: number): Promise<PullSocket> {
    const socket = await connectUsers(path, limitMs, AHEAD_BYTES).catch((cause: unknown) => {
      throw new ProblemError('vm-off', `Nobody listens on ${path}.`, {
        hint: 'The VM was started without this screen, or has just ended.',
        cause,
      })
    })
    return new PullSocket(socket)
  }

  /** Waits for the next bytes; null: the peer has closed. Throws `usage` while another read waits. */
  async read(): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.reading)
      throw new ProblemError('usage', 'Somebody else reads this screen already.', {
        hint: 'Close the other console first.',
      })
    this.reading = true
    try {
      for (;;) {
        const chunk = this.socket.read() as Uint8Array | null
        // A copy of its own length: what lies around it in Node's pool would travel along to the window.
        if (chunk !== null) return new Uint8Array(chunk)
        if (this.ended || this.socket.readableEnded) return null
        await this.untilReadable()
      }
    } finally {
      this.reading = false
    }
  }

  /** Waits until there is something to read, or nothing will ever be. */
  private untilReadable(): Promise<void> {
    return new Promise((resolve) => {
      const events = ['readable', 'end', 'close'] as const
      const done = () => {
        for (const event of events) this.socket.off(event, done)
        resolve()
      }
      for (const event of events) this.socket.on(event, done)
    })
  }

  /** Sends bytes in the order of the calls. A peer that reads nothing for long loses the connection. */
  write(bytes: Uint8Array): void {
    if (this.ended) return
    this.socket.write(bytes)
    if (this.socket.writableLength > MOST_UNSENT_BYTES) this.socket.destroy()
  }

  close(): void {
    this.socket.destroy()
  }
}
