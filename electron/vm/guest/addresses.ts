import { isIP } from 'node:net'
import { ProblemError } from '#shared/base/problem.ts'
import { AgentSilent, withAgent } from './client.ts'
import { guestInterfaces } from './messages.ts'

/** One address of one network card, as the guest's agent names it. Nothing of it is believed before it was tried. */
export interface GuestAddress {
  /** In lower case with colons; null: the agent names none. */
  mac: string | null
  address: string
}

/**
 * Asks a guest's agent for its addresses; what is no IP address at all is left out. Null: no agent answers within
 * `limitMs` for each answer, it may not tell, or it answers something else.
 */
export async function guestAddresses(socket: string, limitMs: number): Promise<GuestAddress[] | null> {
  try {
    const answer = await withAgent(socket, limitMs, (agent) => agent.command('guest-network-get-interfaces'))
    return parseInterfaces(answer)
  } catch (thrown) {
    // Older agents and those of BSD have no such command, and refuse it.
    if (thrown instanceof AgentSilent || thrown instanceof ProblemError) return null
    throw thrown
  }
}

/** Null for what does not have the documented form. */
export function parseInterfaces(answer: unknown): GuestAddress[] | null {
  const parsed = guestInterfaces.safeParse(answer)
  if (!parsed.success) return null
  return parsed.data.flatMap((card) => {
    const mac = card['hardware-address']?.toLowerCase() ?? null
    const addresses = (card['ip-addresses'] ?? []).map((one) => one['ip-address'])
    return addresses.filter((address) => isIP(address) !== 0).map((address) => ({ mac, address }))
  })
}
