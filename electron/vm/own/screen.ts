import { randomBytes } from 'node:crypto'
import type { WithoutScreen } from '#shared/vm/screen.ts'
import type { VmPaths } from '#shared/vm/vm.ts'
import { type QmpClient, withQmp } from '../qmp/client.ts'
import { qmpVnc } from '../qmp/messages.ts'

const ANSWER_LIMIT_MS = 10_000

/** How to reach a guest's screen: QEMU's socket and the password it asks for, or why there is none. */
export type ConsoleEndpoint =
  { kind: 'socket'; path: string; password: string | null } | { kind: 'none'; why: WithoutScreen }

/** Asks QEMU itself for its screen, not the definition: that may have been changed since the VM was started. */
export async function screenOf({ qmp, vnc }: Pick<VmPaths, 'qmp' | 'vnc'>): Promise<ConsoleEndpoint> {
  return withQmp(qmp, ANSWER_LIMIT_MS, async (client) => {
    const { enabled, auth } = qmpVnc.parse(await client.command('query-vnc'))
    if (!enabled) return { kind: 'none', why: 'card-only' }
    return { kind: 'socket', path: vnc, password: auth === 'none' ? null : await oneTimePassword(client) }
  })
}

/**
 * Makes a password for one opening only. VNC compares eight characters and no more (RFC 6143, 7.2.2), so they are
 * random.
 */
async function oneTimePassword(client: QmpClient): Promise<string> {
  const password = randomBytes(6).toString('base64url')
  await client.command('set_password', { protocol: 'vnc', password })
  await client.command('expire_password', { protocol: 'vnc', time: '+10' })
  return password
}
