import { wantText } from '#core/texts/want-text.ts'
import { IPV4_METHODS, IPV6_METHODS, profileValue, type Recipe, recipe } from '#shared/plan/recipe.ts'
import { present } from '#shared/plan/want-file.ts'
import type { BridgeSpec, NetworkBackend } from './network-backend.ts'

type Settings = ReadonlyMap<string, string>

/** Properties that may say anything; the rest of what is not copied has to be at its default. */
const COPIED = ['method', 'addresses', 'gateway', 'dns', 'dns-search', 'dhcp-client-id', 'dhcp-hostname', 'dhcp-duid']
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  'ipv4.routes': [''],
  'ipv4.routing-rules': [''],
  'ipv4.route-table': ['0'],
  'ipv4.never-default': ['no'],
  'ipv4.ignore-auto-routes': ['no'],
  'ipv4.ignore-auto-dns': ['no'],
  'ipv6.routes': [''],
  'ipv6.routing-rules': [''],
  'ipv6.route-table': ['0'],
  'ipv6.ignore-auto-routes': ['no'],
  'ipv6.ignore-auto-dns': ['no'],
  'ipv6.token': [''],
  'connection.master': [''],
  'connection.secondaries': [''],
  'connection.permissions': [''],
  '802-3-ethernet.mtu': ['auto'],
  '802-3-ethernet.cloned-mac-address': ['', 'permanent', 'preserve'],
}

/**
 * NetworkManager: two keyfiles of our own (nm-settings-keyfile(5)), which NetworkManager reads only when they are
 * root's with mode 0600. The profile that is in use stays as it is; ours win by their autoconnect-priority.
 */
export const networkManager: NetworkBackend = {
  id: 'NetworkManager',
  files: (facts, wish) => {
    const settings = parseSettings(wish.config)
    const why = notCopied(settings)
    if (why !== null) return { kind: 'refused', why }
    const { bridge, uplink } = wish
    const made = `The bridge, with the IP settings of the profile "${settings.get('connection.id') ?? ''}".`
    const port = `Makes ${uplink} a port of it. The old profile stays as it is and steps back by its priority.`
    const changes = present([
      wantText(facts, bridgeRecipe(wish, settings), made),
      wantText(facts, { of: 'nm-port', bridge, uplink }, port),
    ])
    return { kind: 'files', changes }
  },
}

/** `nmcli -t -e no connection show`: one `property:value` a line. */
function parseSettings(text: string): Settings {
  const rows = text.split('\n').map((row): [string, string] => {
    const cut = row.indexOf(':')
    return [row.slice(0, cut), row.slice(cut + 1).trim()]
  })
  return new Map(rows.filter(([name]) => name !== ''))
}

function notCopied(settings: Settings): string | null {
  const value = (name: string) => settings.get(name) ?? ''
  if (value('connection.type') !== '802-3-ethernet')
    return `the profile in use is of type "${value('connection.type')}", not Ethernet`
  if ([...settings.keys()].some((name) => name.startsWith('802-1x.')))
    return 'the profile in use logs in to the network (802.1X)'
  if (!isOneOf(IPV4_METHODS, value('ipv4.method'))) return notThis('ipv4.method', value('ipv4.method'))
  if (!isOneOf(IPV6_METHODS, value('ipv6.method'))) return notThis('ipv6.method', value('ipv6.method'))
  return notDefault(settings) ?? notHarmless(settings)
}

function isOneOf(list: readonly string[], word: string): boolean {
  return list.includes(word)
}

function notThis(name: string, value: string): string {
  return `the profile in use sets ${name} to "${value}", which is not copied`
}

function notDefault(settings: Settings): string | null {
  const found = Object.entries(DEFAULTS).find(
    ([name, harmless]) => !harmless.includes(settings.get(name) ?? harmless[0] ?? ''),
  )
  return found === undefined ? null : notThis(found[0], settings.get(found[0]) ?? '')
}

function notHarmless(settings: Settings): string | null {
  const names = [...COPIED.flatMap((name) => [`ipv4.${name}`, `ipv6.${name}`]), 'connection.zone']
  const strange = names.find((name) => !profileValue.safeParse(settings.get(name) ?? '').success)
  return strange === undefined ? null : notThis(strange, settings.get(strange) ?? '')
}

/** Returns the bridge with what the profile in use says of addresses; `notCopied` has seen that it fits. */
function bridgeRecipe({ bridge, mac }: BridgeSpec, settings: Settings): Recipe {
  const profile = (of: 'ipv4' | 'ipv6') =>
    Object.fromEntries(COPIED.map((name) => [name, settings.get(`${of}.${name}`) ?? '']))
  const zone = settings.get('connection.zone') ?? ''
  return recipe.parse({ of: 'nm-bridge', bridge, mac, zone, ipv4: profile('ipv4'), ipv6: profile('ipv6') })
}
