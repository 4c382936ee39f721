import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { listOrEmpty } from '#host/probe/listed.ts'
import type { Reader } from '#shared/base/system.ts'
import type { GuestAddress } from './addresses.ts'

/** Where dnsmasq keeps leases: as a service, and for the shared networks of NetworkManager. */
const LEASES = [
  { directory: '/var/lib/misc', pattern: /^dnsmasq.*\.leases$/u },
  { directory: '/var/lib/NetworkManager', pattern: /^dnsmasq-.*\.leases$/u },
] as const

/** An address, and who says that it is the guest's, for the end of a sentence. */
export interface Found {
  address: string
  from: string
}

/** An address of this host and the length of its network's prefix. */
export interface HostAddress {
  link: string
  address: string
  prefix: number
}

/**
 * Returns the guest's IPv4 address by its MAC: the kernel's neighbours first, then leases that this host handed out.
 */
export async function addressOf(reader: Reader, mac: string): Promise<Found | null> {
  const arp = await reader.read('/proc/net/arp')
  // Columns: IP address, HW type, flags, HW address, mask, device; flags 0x0 is an entry without an answer.
  const rows = arp.kind === 'text' ? arp.text.split('\n').map((row) => row.trim().split(/\s+/u)) : []
  const neighbour = rows.find((row) => row[3]?.toLowerCase() === mac && row[2] !== '0x0')?.[0]
  if (neighbour !== undefined) return { address: neighbour, from: 'found among this host’s neighbours by its MAC' }
  const lease = await leaseOf(reader, mac)
  return lease === null ? null : { address: lease, from: 'found in a lease of this host by its MAC' }
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

/**
 * Returns the one of a guest's addresses to connect to: on the network card this program gave it, on a network this
 * host is in itself, IPv4 first. A guest may name any address, so nothing else is ever tried in its name: not this
 * host, not another network. `bridge`: the link the guest is on, whose networks come first.
 */
export function reachable(
  addresses: readonly GuestAddress[],
  mac: string,
  host: readonly HostAddress[],
  bridge: string | null,
): string | null {
  const own = new BlockList()
  for (const { address } of host) own.addAddress(address, family(address))
  const links = [host.filter(({ link }) => link === bridge), host]
  const candidates = addresses
    .filter((one) => one.mac === mac && !own.check(one.address, family(one.address)))
    .map((one) => one.address)
  const inOrder = [...candidates.filter(isIPv4), ...candidates.filter((address) => !isIPv4(address))]
  for (const near of links) {
    const networks = networksOf(near)
    const found = inOrder.find((address) => networks.check(address, family(address)))
    if (found !== undefined) return found
  }
  return null
}

/** Loopback and link-local addresses say nothing about where the guest is (RFC 1122, RFC 3927, RFC 4291). */
const NOWHERE = new BlockList()
NOWHERE.addSubnet('127.0.0.0', 8, 'ipv4')
NOWHERE.addSubnet('169.254.0.0', 16, 'ipv4')
NOWHERE.addAddress('::1', 'ipv6')
NOWHERE.addSubnet('fe80::', 10, 'ipv6')

function networksOf(addresses: readonly HostAddress[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix } of addresses) {
    if (!NOWHERE.check(address, family(address))) list.addSubnet(address, prefix, family(address))
  }
  return list
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}

/** Addresses of this host as the kernel tells them now. */
export function hostAddresses(): HostAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([link, addresses]) =>
    (addresses ?? []).flatMap(({ address, cidr }) => {
      const prefix = Number(cidr?.split('/')[1] ?? Number.NaN)
      return Number.isInteger(prefix) ? [{ link, address, prefix }] : []
    }),
  )
}

/** Returns the bridge a tap is a port of; null: none, or it cannot be told. */
export async function bridgeOf(reader: Reader, tap: string): Promise<string | null> {
  const master = await reader.link(`/sys/class/net/${tap}/master`)
  return master.kind === 'target' ? (master.target.split('/').at(-1) ?? null) : null
}
