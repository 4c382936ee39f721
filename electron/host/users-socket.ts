import { once } from 'node:events'
import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { dirname } from 'node:path'

/** Opens nothing but the name: for what cannot be opened, as a socket (open(2), O_PATH; Node has no constant for it). */
const O_PATH = 0o10_000_000

/**
 * Connects to a unix socket in a VM's directory within `limitMs`. What is connected to is the very socket that was
 * looked at, and that directory's owner's: a link there could lead root to a service that takes its word.
 * `ahead`: how many bytes are read before somebody asks for them.
 */
export async function connectUsers(path: string, limitMs: number, ahead?: number): Promise<Socket> {
  const socket = await dial(path, ahead === undefined ? {} : { readableHighWaterMark: ahead })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) })
    return socket
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}

async function dial(path: string, options: { readableHighWaterMark?: number }): Promise<Socket> {
  const directory = await lstat(dirname(path))
  const file = await open(path, O_PATH | constants.O_NOFOLLOW)
  try {
    const found = await file.stat()
    const theirs = directory.uid === 0 || found.uid === directory.uid
    if (!directory.isDirectory() || !found.isSocket() || !theirs)
      throw Object.assign(new Error(`${path} is no socket of its directory’s owner`), { code: 'ENOTSOCK' })
    // The kernel is asked at once; what it says comes later.
    return createConnection({ ...options, path: `/proc/self/fd/${file.fd}` })
  } finally {
    void file.close()
  }
}
