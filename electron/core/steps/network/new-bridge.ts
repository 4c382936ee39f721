import { linkOf } from '#core/definition/network/bridges.ts'
import { citeFile } from '#core/evidence.ts'
import { citeHost } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, NetworkLink } from '#shared/facts/facts.ts'
import { type IpVersion, type NetworkManagerId, NEW_BRIDGE } from '#shared/facts/network.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Evidence, Fix } from '#shared/wizard/finding.ts'
import { manualFix } from '../step.ts'
import { ifupdown } from './ifupdown.ts'
import type { NetworkBackend } from './network-backend.ts'
import { networkManager } from './network-manager.ts'
import { networkd } from './networkd.ts'

const MAKERS: Readonly<Record<NetworkManagerId, NetworkBackend>> = {
  NetworkManager: networkManager,
  'systemd-networkd': networkd,
  ifupdown,
}

interface Possible {
  kind: 'possible'
  manager: NetworkManagerId
  uplink: string
  /** Whose default route moves to the bridge. */
  ip: IpVersion
  mac: string
  bridge: string
  files: PlannedChange[]
}

/** A bridge that can be made, or one sentence why not, with what was seen. */
export type NewBridge = Possible | { kind: 'impossible'; known: boolean; text: string; evidence: Evidence[]; fix: Fix }

const PRIVATE = manualFix('Choose the private network; it needs no host change.')

/** Returns whether and how a bridge over the link of the default route can be made here. */
export function newBridge(facts: Facts, choices: Choices): NewBridge {
  const { network } = facts
  const uplink = linkOf(facts, network.uplink)
  const route = network.defaultRoute
  if (uplink === null || route === null)
    return impossible('There is no default route, so there is no link to build a bridge over.', [citeRoute(facts)])
  const barred = barredLink(facts, uplink)
  if (barred !== null) return barred
  if (!network.systemd)
    return impossible('systemd does not run here, so nothing could bring the old network back by itself.', [
      citeFile('/run/systemd/system', null),
    ])
  return throughManager(facts, { uplink, ip: route.ip, bridge: choices.network.bridge ?? NEW_BRIDGE })
}

function impossible(text: string, evidence: Evidence[], known = true): Extract<NewBridge, { kind: 'impossible' }> {
  return { kind: 'impossible', known, text, evidence, fix: PRIVATE }
}

/** Cites the route that the host's own traffic takes. */
export function citeRoute({ network: { defaultRoute, gateway } }: Facts): Evidence {
  if (defaultRoute === null) return citeFile('/proc/net/route', 'no default route')
  const via = gateway === null ? '' : ` via ${gateway}`
  const table = defaultRoute.ip === 'IPv4' ? '/proc/net/route' : '/proc/net/ipv6_route'
  return citeFile(table, `default dev ${defaultRoute.link}${via}`)
}

/** Returns why a link cannot be a bridge port: that has to be a plain wired card that belongs to nothing else. */
function barredLink(facts: Facts, uplink: NetworkLink): Extract<NewBridge, { kind: 'impossible' }> | null {
  const seen = [citeFile(`/sys/class/net/${uplink.name}`, `${uplink.kind}, address ${uplink.mac ?? 'not known'}`)]
  if (uplink.kind === 'wireless')
    return impossible(
      `${uplink.name} is a Wi-Fi card, and a Wi-Fi card cannot be a bridge port: access points drop frames of other addresses.`,
      seen,
    )
  if (uplink.kind !== 'wired' || uplink.mac === null)
    return impossible(`${uplink.name} is a ${uplink.kind} link; bridges are made over a plain wired card only.`, seen)
  if (uplink.master !== null)
    return impossible(`${uplink.name} is a port of ${uplink.master} already; choose that bridge.`, seen)
  return facts.network.tun ? null : impossible('This kernel offers no taps.', [citeFile('/dev/net/tun', null)])
}

interface Over {
  uplink: NetworkLink
  ip: IpVersion
  bridge: string
}

function throughManager(facts: Facts, { uplink, ip, bridge }: Over): NewBridge {
  const { manager } = facts.network
  if (isUnknown(manager))
    return impossible(
      `Who manages ${uplink.name} cannot be told, so no bridge is built over it.`,
      [citeHost('network managers', manager.unknown)],
      false,
    )
  if (manager === null)
    return impossible(
      `${uplink.name} is managed by none of the tools this version knows: NetworkManager, systemd-networkd and ifupdown.`,
      [citeHost('network managers', 'none of them says that the link is its own')],
    )
  const seen = [citeHost('network manager', manager.evidence)]
  const { source, config, id } = manager
  const mac = uplink.mac ?? ''
  const found = MAKERS[id].files(facts, { uplink: uplink.name, ip, bridge, mac, source, config })
  if (found.kind === 'refused') return impossible(`${id} manages ${uplink.name}, but ${found.why}.`, seen)
  return { kind: 'possible', manager: id, uplink: uplink.name, ip, mac, bridge, files: found.changes }
}
