import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts, NetworkLink } from '#shared/facts/facts.ts'
import { toolText } from '../exec/tool-text.ts'
import type { Host } from '../host.ts'
import { type AddressesByLink, parseFibTrie, parseIpAddresses } from '../parse/addresses.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { linkName, readText, readWord } from '../read.ts'

type Kind = NetworkLink['kind']

const TYPES: Readonly<Record<string, Kind>> = { bridge: 'bridge', bond: 'bond', vlan: 'vlan', wlan: 'wireless' }

/** Gathers every network link with its kind, state and addresses. Needs no privilege. */
export async function gatherLinks(host: Host): Promise<Facts['network']['links']> {
  const names = (await listOrEmpty(host, '/sys/class/net')).filter((name) => name !== 'bonding_masters')
  const addresses = await gatherAddresses(host)
  return Promise.all(names.map((name) => gatherLink(host, name, addresses)))
}

async function gatherLink(host: Host, name: string, addresses: OrUnknown<AddressesByLink>): Promise<NetworkLink> {
  const base = `/sys/class/net/${name}`
  const [state, mac, carrier, master, tun, owner] = await Promise.all([
    readWord(host, `${base}/operstate`),
    readWord(host, `${base}/address`),
    readText(host, `${base}/carrier`),
    linkName(host, `${base}/master`),
    readWord(host, `${base}/tun_flags`),
    readWord(host, `${base}/owner`),
  ])
  // The kernel prints -1 for a tap that belongs to nobody (drivers/net/tun.c).
  const uid = tun === null || owner === null ? -1 : Number(owner)
  return {
    name,
    kind: tun === null ? await kindOf(host, base) : 'tap',
    mac,
    up: state === 'up',
    carrier: typeof carrier === 'string' ? carrier.trim() === '1' : unknownBecause(`${base}/carrier does not say`),
    master,
    tapOwner: uid < 0 ? null : uid,
    addresses: isUnknown(addresses) ? addresses : (addresses[name] ?? []),
  }
}

/** By DEVTYPE in uevent, or by the directories a bridge and a Wi-Fi card have. */
async function kindOf(host: Host, base: string): Promise<Kind> {
  const [uevent, bridge, wireless, path] = await Promise.all([
    readWord(host, `${base}/uevent`),
    host.list(`${base}/bridge`),
    host.list(`${base}/wireless`),
    host.link(base),
  ])
  const named = TYPES[/^DEVTYPE=(\w+)$/mu.exec(uevent ?? '')?.[1] ?? '']
  if (named !== undefined) return named
  if (bridge.kind === 'names') return 'bridge'
  if (wireless.kind === 'names') return 'wireless'
  return path.kind !== 'target' || path.target.includes('/devices/virtual/') ? 'virtual' : 'wired'
}

/** From iproute2 where it is installed, else IPv4 only from /proc. */
async function gatherAddresses(host: Host): Promise<OrUnknown<AddressesByLink>> {
  const said = (await host.has('ip')) ? await toolText(host, 'ip', ['-j', 'address']) : null
  const parsed = said === null || isUnknown(said) ? null : parseIpAddresses(said)
  if (parsed !== null) return parsed
  const [trie, routes] = await Promise.all([readWord(host, '/proc/net/fib_trie'), readWord(host, '/proc/net/route')])
  if (trie === null || routes === null) return unknownBecause('neither ip nor /proc/net/fib_trie tells the addresses')
  return parseFibTrie(trie, routes)
}
