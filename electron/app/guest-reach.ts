import { connect } from 'node:net'
import type { GuestReach } from '../../shared/vm/seeing.ts'
import type { VmDefinition } from '../../shared/vm/vm.ts'
import type { Reader } from '../../shared/host/system.ts'
import { listOrEmpty } from '../../shared/host/listed.ts'
import { errnoOf } from '../host/file-reader.ts'
import { decideSeeing } from '../machine/seeing.ts'
import { seeingOptions } from '../machine/seeing-options.ts'
import type { Sight } from '../machine/sight.ts'

const LIMIT_MS = 4000

/** Where dnsmasq keeps leases: as a service, and for the shared networks of NetworkManager. */
const LEASES = [
  { directory: '/var/lib/misc', pattern: /^dnsmasq.*\.leases$/u },
  { directory: '/var/lib/NetworkManager', pattern: /^dnsmasq-.*\.leases$/u },
] as const

/** Whether the guest answers on the port of the chosen way; `unknown` with the reason where it cannot be asked. */
export async function guestReach(reader: Reader, sight: Sight | null, running: boolean): Promise<GuestReach> {
  if (sight === null) return notAsked('There is no VM that anybody would have to see.', null)
  const decided = decideSeeing(sight)
  const port = seeingOptions(sight).find(({ id }) => id === decided?.id)?.port ?? null
  if (port === null) return notAsked('The chosen way needs no port of the guest.', null)
  const address = sight.choices.launch.guestAddress ?? (await neighbourOf(reader, sight.definition))
  if (address !== null) return askPort(address, port, LIMIT_MS)
  return notAsked(noAddress(sight.definition, running), null)
}

async function neighbourOf(reader: Reader, { network }: VmDefinition): Promise<string | null> {
  return network.kind === 'tap' && network.mac !== undefined ? addressOf(reader, network.mac) : null
}

function noAddress({ network }: VmDefinition, running: boolean): string {
  if (network.kind === 'user') return 'The VM’s private network cannot be reached from the host.'
  if (!running) return 'The VM is off, and its address is not known.'
  return 'The guest’s address is not known: no neighbour and no lease of this host has its MAC. Give it above.'
}

export function notAsked(text: string, address: string | null): GuestReach {
  return { state: 'unknown', text, address, at: new Date().toISOString() }
}

/** The guest's IPv4 address by its MAC: the kernel's neighbours first, then leases that this host handed out. */
export async function addressOf(reader: Reader, mac: string): Promise<string | null> {
  const arp = await reader.read('/proc/net/arp')
  // Columns: IP address, HW type, flags, HW address, mask, device; flags 0x0 is an entry without an answer.
  const rows = arp.kind === 'text' ? arp.text.split('\n').map((row) => row.trim().split(/\s+/u)) : []
  const neighbour = rows.find((row) => row[3]?.toLowerCase() === mac && row[2] !== '0x0')?.[0]
  return neighbour ?? (await leaseOf(reader, mac))
}

/** Lines of dnsmasq: expiry, MAC, address, name, client id (dnsmasq(8)). */
async function leaseOf(reader: Reader, mac: string): Promise<string | null> {
  for (const { directory, pattern } of LEASES) {
    for (const name of (await listOrEmpty(reader, directory)).filter((entry) => pattern.test(entry))) {
      const file = await reader.read(`${directory}/${name}`)
      const rows = file.kind === 'text' ? file.text.split('\n').map((row) => row.split(' ')) : []
      const found = rows.find((row) => row[1]?.toLowerCase() === mac)?.[2]
      if (found !== undefined) return found
    }
  }
  return null
}

/** One TCP connection, closed as soon as it stands. Nothing is sent. */
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
