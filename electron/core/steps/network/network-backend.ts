import type { Facts } from '#shared/facts/facts.ts'
import type { IpVersion, NetworkManagerId } from '#shared/facts/network.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'

/** A bridge to be made, with the manager's own words for the uplink it is made over. */
export interface BridgeSpec {
  uplink: string
  /** Whose default route has to come up on the bridge. */
  ip: IpVersion
  bridge: string
  /** The bridge gets the card's own address, so that DHCP servers and switches see the same machine. */
  mac: string
  config: string
  source: string
}

/** Files that make the bridge at each boot and now, or why this manager's configuration is not one to be copied. */
export type BridgeFiles = { kind: 'files'; changes: PlannedChange[] } | { kind: 'refused'; why: string }

/** One network manager: how a bridge over a link it configures is written down. */
export interface NetworkBackend {
  readonly id: NetworkManagerId
  files(facts: Facts, wish: BridgeSpec): BridgeFiles
}
