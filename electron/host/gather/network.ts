import { listOrEmpty } from '../../../shared/listed.ts'
import { defaultRoute } from '../../../shared/claims.ts'
import type { Facts } from '../../../shared/facts.ts'
import type { Host } from '../host.ts'
import { readWord } from '../read.ts'

type Link = Facts['network']['links'][number]

const MANAGERS: Readonly<Record<string, string>> = {
  NetworkManager: '/run/NetworkManager',
  'systemd-networkd': '/run/systemd/netif',
  ifupdown: '/etc/network/interfaces',
  netplan: '/etc/netplan',
}

/** Links, the default route and who manages the network. */
export async function gatherNetwork(host: Host): Promise<Facts['network']> {
  const [names, route, managers] = await Promise.all([
    listOrEmpty(host, '/sys/class/net'),
    defaultRoute(host),
    Promise.all(Object.entries(MANAGERS).map(([name, path]) => present(host, name, path))),
  ])
  const links = await Promise.all(
    names.filter((name) => name !== 'bonding_masters').map((name) => gatherLink(host, name)),
  )
  return { links, defaultRoute: route, managers: managers.filter((name) => name !== null) }
}

async function present(host: Host, name: string, path: string): Promise<string | null> {
  const [directory, file] = await Promise.all([host.list(path), host.read(path)])
  return directory.kind === 'names' || file.kind === 'text' ? name : null
}

async function gatherLink(host: Host, name: string): Promise<Link> {
  const base = `/sys/class/net/${name}`
  const [bridge, wireless, path, state] = await Promise.all([
    host.list(`${base}/bridge`),
    host.list(`${base}/wireless`),
    host.link(base),
    readWord(host, `${base}/operstate`),
  ])
  const virtual = path.kind !== 'target' || path.target.includes('/devices/virtual/')
  const kind =
    bridge.kind === 'names' ? 'bridge' : wireless.kind === 'names' ? 'wireless' : virtual ? 'virtual' : 'wired'
  return { name, kind, up: state === 'up' }
}
