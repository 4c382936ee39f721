import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts, UplinkManager } from '#shared/facts/facts.ts'
import { toolText } from '../exec/tool-text.ts'
import type { Host } from '../host.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { readText, readWord } from '../read.ts'

type Found = OrUnknown<UplinkManager | null>

const INTERFACES = '/etc/network/interfaces'

/** Finds who really configures a link, by what each manager says of it; being installed is no evidence. */
export async function gatherManager(host: Host, link: string): Promise<Facts['network']['manager']> {
  for (const ask of [askNetworkManager, askNetworkd, askIfupdown]) {
    const found = await ask(host, link)
    if (found !== null) return found
  }
  return null
}

/** NetworkManager: state 100 is connected; "externally" means that another tool did it (nmcli(1)). */
async function askNetworkManager(host: Host, link: string): Promise<Found> {
  if ((await host.list('/run/NetworkManager')).kind !== 'names') return null
  if (!(await host.has('nmcli'))) return unknownBecause('NetworkManager runs, but nmcli is not installed to ask it')
  const device = await say(host, ['-f', 'GENERAL', 'device', 'show', link])
  // It was stopped, or does not know the link: somebody else manages it.
  if (device === null) return null
  const [state, uuid] = [field(device, 'GENERAL.STATE'), field(device, 'GENERAL.CON-UUID')]
  if (!state.startsWith('100') || state.includes('externally') || uuid === '') return null
  const config = await say(host, ['connection', 'show', 'uuid', uuid])
  if (config === null) return unknownBecause(`NetworkManager does not show its profile of ${link}`)
  const name = field(config, 'connection.id')
  const evidence = `${link}: ${state}, profile "${name}"`
  const source = `nmcli connection show ${uuid}`
  // netplan names the profiles it writes after its own ids (netplan(5)).
  return { id: 'NetworkManager', netplan: name.startsWith('netplan-'), evidence, source, config }
}

/** Returns what nmcli prints for programs; null when it fails. */
async function say(host: Host, args: readonly string[]): Promise<string | null> {
  const said = await toolText(host, 'nmcli', ['-t', '-e', 'no', ...args])
  return isUnknown(said) ? null : said
}

function field(text: string, name: string): string {
  const row = text.split('\n').find((line) => line.startsWith(`${name}:`))
  return row === undefined ? '' : row.slice(name.length + 1).trim()
}

/** systemd-networkd keeps one file a link in /run/systemd/netif/links, named after its index. */
async function askNetworkd(host: Host, link: string): Promise<Found> {
  const index = await readWord(host, `/sys/class/net/${link}/ifindex`)
  const path = `/run/systemd/netif/links/${index ?? 'none'}`
  const state = await readWord(host, path)
  const [administrative, source] = [shellField(state, 'ADMIN_STATE'), shellField(state, 'NETWORK_FILE')]
  if (source === '' || administrative === 'unmanaged') return null
  const text = await readText(host, source)
  if (text === null || isUnknown(text)) return unknownBecause(`${source}, which configures ${link}, cannot be read`)
  const dropIns = await listOrEmpty(host, `/etc/systemd/network/${source.split('/').at(-1) ?? ''}.d`)
  const netplan = source.startsWith('/run/') && source.includes('-netplan-')
  const evidence = `${path}: ADMIN_STATE=${administrative} NETWORK_FILE=${source}`
  // A section of that name is no part of the format; it marks what cannot be copied from this file alone.
  const id = 'systemd-networkd'
  return { id, netplan, evidence, source, config: dropIns.length === 0 ? text : `${text}\n[DropIns]\n` }
}

function shellField(text: string | null, name: string): string {
  return new RegExp(`^${name}=(.+)$`, 'mu').exec(text ?? '')?.[1] ?? ''
}

/** ifupdown: a stanza for the link, and the link in its state file (ifup(8)). */
async function askIfupdown(host: Host, link: string): Promise<Found> {
  const more = (await listOrEmpty(host, `${INTERFACES}.d`)).map((name) => `${INTERFACES}.d/${name}`)
  const state = (await readWord(host, '/run/network/ifstate')) ?? ''
  if (!state.split('\n').includes(`${link}=${link}`)) return null
  for (const source of [INTERFACES, ...more]) {
    const text = await readText(host, source)
    if (isUnknown(text)) return unknownBecause(`${source} cannot be read`)
    const line = text?.split('\n').find((row) => new RegExp(`^\\s*iface\\s+${link}\\s`, 'u').test(row))
    if (text !== null && line !== undefined)
      return {
        id: 'ifupdown',
        netplan: false,
        evidence: `${source}: ${line.trim()}; up in /run/network/ifstate`,
        source,
        config: text,
      }
  }
  return null
}
