import { once } from 'node:events'
import { connectUsers } from '#host/users-socket.ts'

/**
 * Writes a line to a guest's serial port every `againMs` until `ended` says within that time that it did: a guest that
 * still starts loses what is sent to it. False: it goes on after `limitMs`. Throws why no line ever arrived.
 */
export async function tellUntil(
  path: string,
  line: string,
  { againMs, limitMs }: { againMs: number; limitMs: number },
  ended: (limitMs: number) => Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + limitMs
  let failure: unknown = null
  let arrived = false
  while (Date.now() < deadline) {
    try {
      await sendLine(path, line, againMs)
      arrived = true
    } catch (thrown) {
      failure = thrown
    }
    if (await ended(againMs)) return true
  }
  if (!arrived) throw failure
  return false
}

/** Writes one line and lets go of the port, at the latest after `limitMs`. */
async function sendLine(path: string, line: string, limitMs: number): Promise<void> {
  const socket = await connectUsers(path, limitMs)
  // An error of after the limit has nobody waiting, and would end the program.
  socket.on('error', () => socket.destroy())
  // What the guest says meanwhile has to be taken, or the end of the connection is never seen behind it.
  socket.resume()
  socket.end(`${line}\n`)
  await once(socket, 'close', { signal: AbortSignal.timeout(limitMs) }).catch(() => socket.destroy())
}
