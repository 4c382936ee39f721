import { once } from 'node:events'
import { createConnection } from 'node:net'

/** Whether the guest's console takes a connection. */
export async function consoleAnswers(): Promise<boolean> {
  const socket = createConnection('/run/passthrough-studio/vms/designer/serial.sock')
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
