import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { withQmp } from '#vm/qmp/client.ts'

const LIMIT_MS = 30_000

/** Waits until QEMU answers; false: it has ended before. Its socket is there a moment before it listens. */
export async function untilAnswers(qmp: string, ended: () => boolean): Promise<boolean> {
  while (!ended()) {
    const answered = await withQmp(qmp, LIMIT_MS, (client) => client.command('query-status')).then(
      () => true,
      () => false,
    )
    if (answered) return true
    await sleep(50)
  }
  return false
}

/** Waits until somebody listens on a unix socket; false: who should have has ended before. */
export async function untilListens(path: string, ended: () => boolean): Promise<boolean> {
  while (!ended()) {
    const socket = createConnection(path)
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (connected) return true
    await sleep(20)
  }
  return false
}
