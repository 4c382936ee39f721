import { OWN_FILES } from '#shared/base/own-files.ts'
import { NM_BRIDGE_UUID, NM_PORT_UUID } from '#shared/facts/network.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'
import { type BridgeSpec, HEADER, type NetworkBackend } from './network-backend.ts'

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
const IPV6_METHODS = ['auto', 'manual', 'dhcp', 'link-local', 'disabled', 'ignore']
/** Addresses, names and ids; nothing that could start another line or section of a keyfile. */
const HARMLESS = /^[A-Za-z0-9.:/, _-]*$/u

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
    const changes = present([
      wantFile(facts, {
        path: OWN_FILES.nmBridge,
        text: bridgeProfile(wish, settings),
        mode: 0o600,
        reason: `The bridge, with the IP settings of the profile "${settings.get('connection.id') ?? ''}".`,
      }),
      wantFile(facts, {
        path: OWN_FILES.nmPort,
        text: portProfile(wish),
        mode: 0o600,
        reason: `Makes ${wish.uplink} a port of it. The old profile stays as it is and steps back by its priority.`,
      }),
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
  if (!['auto', 'manual'].includes(value('ipv4.method'))) return notThis('ipv4.method', value('ipv4.method'))
  if (!IPV6_METHODS.includes(value('ipv6.method'))) return notThis('ipv6.method', value('ipv6.method'))
  return notDefault(settings) ?? notHarmless(settings)
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
  const strange = names.find((name) => !HARMLESS.test(settings.get(name) ?? ''))
  return strange === undefined ? null : notThis(strange, settings.get(strange) ?? '')
}

function bridgeProfile(wish: BridgeSpec, settings: Settings): string {
  const zone = settings.get('connection.zone') ?? ''
  return [
    HEADER,
    '[connection]',
    `id=${wish.bridge} (Passthrough Studio)`,
    `uuid=${NM_BRIDGE_UUID}`,
    'type=bridge',
    `interface-name=${wish.bridge}`,
    'autoconnect-priority=900',
    'autoconnect-slaves=1',
    ...(zone === '' ? [] : [`zone=${zone}`]),
    '',
    '[bridge]',
    `mac-address=${wish.mac}`,
    'stp=false',
    '',
    ...section('ipv4', settings),
    ...section('ipv6', settings),
  ].join('\n')
}

/** The first address carries the gateway; lists end with a semicolon (nm-settings-keyfile(5)). */
function section(name: 'ipv4' | 'ipv6', settings: Settings): string[] {
  const value = (property: string) => settings.get(`${name}.${property}`) ?? ''
  const list = (property: string) =>
    value(property)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  const gateway = value('gateway')
  const addresses = list('addresses').map(
    (address, index) => `address${index + 1}=${address}${index === 0 && gateway !== '' ? `,${gateway}` : ''}`,
  )
  const lists = ['dns', 'dns-search'].flatMap((property) =>
    list(property).length === 0 ? [] : [`${property}=${list(property).join(';')};`],
  )
  const words = ['dhcp-client-id', 'dhcp-hostname', 'dhcp-duid'].flatMap((property) =>
    value(property) === '' ? [] : [`${property}=${value(property)}`],
  )
  return [`[${name}]`, `method=${value('method')}`, ...addresses, ...lists, ...words, '']
}

function portProfile(wish: BridgeSpec): string {
  return [
    HEADER,
    '[connection]',
    `id=${wish.uplink} in ${wish.bridge} (Passthrough Studio)`,
    `uuid=${NM_PORT_UUID}`,
    'type=ethernet',
    `interface-name=${wish.uplink}`,
    `master=${NM_BRIDGE_UUID}`,
    'slave-type=bridge',
    'autoconnect-priority=900',
    '',
  ].join('\n')
}
