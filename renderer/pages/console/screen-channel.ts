import { ask } from '#renderer/state/studio-store.ts'
type Listener<E> = ((event: E) => void) | null

/**
 * A line to the guest's screen in the shape noVNC expects of an RTCDataChannel. It asks main for the next bytes only
 * after the last were taken, so what the window cannot show yet waits in QEMU.
 */
export class ScreenChannel {
  readonly protocol = ''
  binaryType = 'arraybuffer'
  readyState: 'open' | 'closed' = 'open'
  onopen: Listener<Event> = null
  onmessage: Listener<{ data: ArrayBuffer }> = null
  onerror: Listener<Event> = null
  onclose: Listener<{ code: number; reason: string }> = null
  private readonly id: number

  constructor(id: number) {
    this.id = id
  }

  /** Passes on what comes until either side closes. */
  async follow(): Promise<void> {
    let reason = ''
    while (this.readyState === 'open') {
      const answer = await ask('console.read', this.id)
      if (!answer.ok) reason = answer.problem.message
      if (!answer.ok || answer.value === null) break
      this.onmessage?.({ data: answer.value.buffer })
    }
    this.end(reason)
  }

  /** Sends a copy: noVNC uses the same buffer again at once. Main keeps the order of calls. */
  send(bytes: Uint8Array): void {
    if (this.readyState !== 'open') return
    void ask('console.write', { id: this.id, bytes: bytes.slice() }).then((answer) => {
      if (!answer.ok) this.end(answer.problem.message)
    })
  }

  close(): void {
    this.end('')
  }

  private end(reason: string): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    void ask('console.close', this.id)
    // Closes as a network would, after the call that closed it has returned: noVNC starts a timer in between.
    queueMicrotask(() => this.onclose?.({ code: 1000, reason }))
  }
}
