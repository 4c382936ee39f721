import { OWN_FILES } from '#shared/base/own-files.ts'
import { NM_BRIDGE_UUID, NM_PORT_UUID } from '#shared/facts/network.ts'
import type { RecipeOf } from '#shared/plan/recipe.ts'
import type { OwnText } from './file.ts'
import { HEADER } from './network-texts.ts'

type BridgeProfile = RecipeOf<'nm-bridge'>

/** NetworkManager reads keyfiles only when they are root's with mode 0600 (nm-settings-keyfile(5)). */
const MODE = 0o600

/** The bridge's profile; it wins over the one in use by its autoconnect-priority. */
export function nmBridge({ bridge, mac, zone, ipv4, ipv6 }: BridgeProfile): OwnText {
  const text = [
    HEADER,
    '[connection]',
    `id=${bridge} (Passthrough Studio)`,
    `uuid=${NM_BRIDGE_UUID}`,
    'type=bridge',
    `interface-name=${bridge}`,
    'autoconnect-priority=900',
    'autoconnect-slaves=1',
    ...(zone === '' ? [] : [`zone=${zone}`]),
    '',
    '[bridge]',
    `mac-address=${mac}`,
    'stp=false',
    '',
    ...section('ipv4', ipv4),
    ...section('ipv6', ipv6),
  ].join('\n')
  return { path: OWN_FILES.nmBridge, text, mode: MODE }
}

/** The first address carries the gateway; lists end with a semicolon (nm-settings-keyfile(5)). */
function section(name: 'ipv4' | 'ipv6', profile: BridgeProfile['ipv4'] | BridgeProfile['ipv6']): string[] {
  const list = (property: 'addresses' | 'dns' | 'dns-search') =>
    profile[property]
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  const { gateway } = profile
  const addresses = list('addresses').map(
    (address, index) => `address${index + 1}=${address}${index === 0 && gateway !== '' ? `,${gateway}` : ''}`,
  )
  const lists = (['dns', 'dns-search'] as const).flatMap((property) =>
    list(property).length === 0 ? [] : [`${property}=${list(property).join(';')};`],
  )
  const words = (['dhcp-client-id', 'dhcp-hostname', 'dhcp-duid'] as const).flatMap((property) =>
    profile[property] === '' ? [] : [`${property}=${profile[property]}`],
  )
  return [`[${name}]`, `method=${profile.method}`, ...addresses, ...lists, ...words, '']
}

/** The uplink's profile as a port of the bridge. */
export function nmPort({ bridge, uplink }: Pick<RecipeOf<'nm-port'>, 'bridge' | 'uplink'>): OwnText {
  const text = [
    HEADER,
    '[connection]',
    `id=${uplink} in ${bridge} (Passthrough Studio)`,
    `uuid=${NM_PORT_UUID}`,
    'type=ethernet',
    `interface-name=${uplink}`,
    `master=${NM_BRIDGE_UUID}`,
    'slave-type=bridge',
    'autoconnect-priority=900',
    '',
  ].join('\n')
  return { path: OWN_FILES.nmPort, text, mode: MODE }
}
