import { jsonOrNull } from '#shared/base/json.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { GUARD_FILE, guardNote } from '#shared/facts/network.ts'
import type { Host } from '../host.ts'
import { dottedAddress } from '../parse/addresses.ts'
import { defaultRoute } from '../probe/claims/network.ts'
import { listensForSsh } from '../probe/claims/ssh-links.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { readText, readWord } from '../read.ts'
import { gatherLinks } from './links.ts'
import { gatherManager } from './uplink-manager.ts'

type Network = Facts['network']

/** Gathers links, the default route, who manages it, and what a bridge would need. Needs no privilege. */
export async function gatherNetwork(host: Host): Promise<Network> {
  const [links, route, surroundings] = await Promise.all([
    gatherLinks(host),
    defaultRoute(host),
    gatherSurroundings(host),
  ])
  const [gateway, manager] = await Promise.all([
    gatherGateway(host),
    route === null ? null : gatherManager(host, route.link),
  ])
  return { links, defaultRoute: route, gateway, uplink: uplinkOf(links, route?.link ?? null), manager, ...surroundings }
}

async function gatherGateway(host: Host): Promise<string | null> {
  const rows = ((await readWord(host, '/proc/net/route')) ?? '').split('\n').map((row) => row.split('\t'))
  const row = rows.find((columns) => columns[1] === '00000000' && columns[7] === '00000000')
  return row?.[2] === undefined || row[2] === '00000000' ? null : dottedAddress(row[2])
}

/** Returns the uplink: under a bridge the card it is made of; taps of VMs do not count. */
function uplinkOf(links: Network['links'], route: string | null): string | null {
  if (links.find((link) => link.name === route)?.kind !== 'bridge') return route
  const ports = links.filter((link) => link.master === route && ['wired', 'wireless', 'bond'].includes(link.kind))
  return ports.length === 1 ? (ports[0]?.name ?? null) : null
}

type Surroundings = Omit<Network, 'links' | 'defaultRoute' | 'gateway' | 'uplink' | 'manager'>

async function gatherSurroundings(host: Host): Promise<Surroundings> {
  const [netfilter, run, devices, tun, sshListens, systemd, scripts, guard] = await Promise.all([
    readText(host, '/proc/sys/net/bridge/bridge-nf-call-iptables'),
    listOrEmpty(host, '/run'),
    listOrEmpty(host, '/dev'),
    listOrEmpty(host, '/dev/net'),
    listensForSsh(host),
    host.list('/run/systemd/system'),
    listOrEmpty(host, '/etc/network/if-pre-up.d'),
    readWord(host, GUARD_FILE),
  ])
  return {
    bridgeNetfilter: typeof netfilter === 'string' ? netfilter.trim() === '1' : netfilter,
    docker: run.includes('docker.sock'),
    tun: tun.includes('tun'),
    vhostNet: devices.includes('vhost-net'),
    sshListens,
    systemd: systemd.kind === 'names',
    bridgeUtils: scripts.includes('bridge'),
    guard: guard === null ? null : (guardNote.safeParse(jsonOrNull(guard)).data ?? null),
  }
}
