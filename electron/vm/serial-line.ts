import { once } from 'node:events'
import { createConnection } from 'node:net'

/** Writes one line to a guest's serial port and lets go of it, at the latest after `limitMs`. */
export async function sendLine(path: string, line: string, limitMs: number): Promise<void> {
  const socket = createConnection(path)
  // What the guest says meanwhile has to be taken, or the end of the connection is never seen behind it.
  socket.resume()
  await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) })
  socket.end(`${line}\n`)
  await once(socket, 'close', { signal: AbortSignal.timeout(limitMs) }).catch(() => socket.destroy())
}
