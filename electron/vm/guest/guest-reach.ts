import { connect } from 'node:net'
import { decideDisplay } from '#core/definition/display/display.ts'
import type { DisplayContext } from '#core/definition/display/display-context.ts'
import { seeingOptions } from '#core/definition/display/display-options.ts'
import { tapsOf, type WithNetworks } from '#core/definition/network/nics.ts'
import { errnoOf } from '#host/file-reader.ts'
import type { Reader } from '#shared/base/system.ts'
import type { GuestReach } from '#shared/wizard/display.ts'
import { type GuestAddress, guestAddresses } from './addresses.ts'
import { addressOf, bridgeOf, type Found, type HostAddress, hostAddresses, reachable } from './guest-address.ts'

const LIMIT_MS = 4000

/** A guest without an agent is asked in vain, and the admin waits. */
const AGENT_LIMIT_MS = 2000

/** The VM now: whether it runs, and the socket of its guest's agent. */
interface Running {
  running: boolean
  agent: string
}

/**
 * Returns whether the guest answers on the port of the chosen way; `unknown` with the reason where it cannot be asked.
 */
export async function guestReach(reader: Reader, sight: DisplayContext | null, vm: Running): Promise<GuestReach> {
  if (sight === null) return notAsked('There is no VM that anybody would have to see.', null)
  const decided = decideDisplay(sight)
  const port = seeingOptions(sight).find(({ id }) => id === decided?.id)?.port ?? null
  if (port === null) return notAsked('The chosen way needs no port of the guest.', null)
  const typed = sight.choices.launch.guestAddress
  const found = await findGuest(reader, sight.definition, { ...vm, typed })
  if ('why' in found) return notAsked(found.why, null)
  const reach = await askPort(found.address, port, LIMIT_MS)
  return { ...reach, text: `${reach.text} Its address: ${found.from}.` }
}

/**
 * Finds the guest's address: what was typed first, then the agent, which knows addresses nobody has spoken to yet and
 * IPv6 too, then what this host has seen of its MAC.
 */
export async function findGuest(
  reader: Reader,
  definition: WithNetworks,
  { running, agent, typed }: Running & { typed: string | null },
  host: readonly HostAddress[] = hostAddresses(),
): Promise<Found | { why: string }> {
  if (typed !== null) return { address: typed, from: 'as you typed it' }
  const [bridged] = tapsOf(definition)
  if (bridged === undefined) return { why: 'The VM’s private network cannot be reached from the host.' }
  const { mac, tap } = bridged
  if (mac === undefined)
    return { why: 'The VM’s network card has no MAC of its own to find it by. Give its address above.' }
  const told = running ? await guestAddresses(agent, AGENT_LIMIT_MS) : null
  const chosen = told === null ? null : reachable(told, mac, host, await bridgeOf(reader, tap))
  if (chosen !== null) return { address: chosen, from: 'as the guest’s agent says' }
  const seen = await addressOf(reader, mac)
  return seen ?? { why: running ? unseen(told) : 'The VM is off, and its address is not known.' }
}

function unseen(told: readonly GuestAddress[] | null): string {
  const agent =
    told === null
      ? 'no agent in the guest tells it'
      : 'the guest’s agent tells none on a network of this host for the VM’s network card'
  return `The guest’s address is not known: ${agent}, and no neighbour and no lease of this host has its MAC. Give it above.`
}

export function notAsked(text: string, address: string | null): GuestReach {
  return { state: 'unknown', text, address, at: new Date().toISOString() }
}

/** Opens one TCP connection and closes it at once. Nothing is sent. */
export function askPort(address: string, port: number, limitMs: number): Promise<GuestReach> {
  const where = `${address}, TCP port ${port}`
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const end = (state: GuestReach['state'], text: string) => {
      socket.destroy()
      resolve({ state, text, address, at: new Date().toISOString() })
    }
    socket.setTimeout(limitMs, () =>
      end('silent', `Nothing answers at ${where}: the guest is off, or a firewall drops it.`),
    )
    socket.once('connect', () => end('answers', `The guest answers at ${where}.`))
    socket.once('error', (error) => end(...failure(errnoOf(error), where)))
  })
}

function failure(errno: string, where: string): [GuestReach['state'], string] {
  if (errno === 'ECONNREFUSED')
    return ['refused', `The guest is there, but nothing listens at ${where}: its program does not run yet.`]
  if (errno === 'EHOSTUNREACH' || errno === 'ETIMEDOUT') return ['silent', `Nothing answers at ${where} (${errno}).`]
  return ['unknown', `${where} cannot be asked: ${errno}.`]
}
