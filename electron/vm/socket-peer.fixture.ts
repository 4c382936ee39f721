import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

/**
 * Makes a peer on a unix socket that behaves as given: stands in for a QMP monitor or a guest agent. Returns its path.
 */
export async function peer(behave: (socket: Socket) => void): Promise<string> {
  const path = join(await temporaryDirectory('peer'), 'sock')
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  server.unref()
  return path
}
