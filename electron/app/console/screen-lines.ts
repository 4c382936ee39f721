import { ProblemError } from '#shared/base/problem.ts'
import type { ScreenLine } from '#shared/vm/screen.ts'
import type { ConsoleEndpoint } from '#vm/own/screen.ts'
import { PullSocket } from './byte-pipe.ts'

const CONNECT_LIMIT_MS = 10_000

/** The window's line to a guest's screen: one at a time, each with a number of its own. */
export class ConsoleSessions {
  private last = 0
  private current: { id: number; pipe: PullSocket } | null = null

  /** Opens a line where there is a way; a former one is closed. */
  async open(finding: Promise<ConsoleEndpoint>): Promise<ScreenLine> {
    const way = await finding
    if (way.kind === 'none') return way
    const pipe = await PullSocket.connect(way.path, CONNECT_LIMIT_MS)
    this.closeAll()
    const id = (this.last += 1)
    this.current = { id, pipe }
    return { kind: 'open', id, password: way.password }
  }

  /** Returns the next bytes; null once the line has ended, by either side. */
  async read(id: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.current?.id === id ? this.current.pipe.read() : null
  }

  write(id: number, bytes: Uint8Array): void {
    if (this.current?.id !== id)
      throw new ProblemError('vm-off', 'This line to the screen is closed.', { hint: 'Open the console again.' })
    this.current.pipe.write(bytes)
  }

  close(id: number): void {
    if (this.current?.id === id) this.closeAll()
  }

  closeAll(): void {
    this.current?.pipe.close()
    this.current = null
  }
}
