import { defaultLink } from '#host/probe/claims/network.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Reader, Tool } from '#shared/base/system.ts'
import { type IpVersion, type NetworkManagerId, NM_BRIDGE_UUID } from '#shared/facts/network.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { Work } from '../handler.ts'

export type Bridging = Pick<ChangeOf<'switch-network'>, 'manager' | 'uplink' | 'bridge' | 'ip'>

/** How one manager is told to change the live network. Files are written before and taken away after by others. */
interface LiveManager {
  /** Lets go of the uplink while its old configuration is still on the disk. */
  leave(work: Work, change: Bridging): Promise<void>
  /** Brings up what the files say now. */
  enter(work: Work, change: Bridging): Promise<void>
  /** Takes the bridge down while its files are still there. */
  exit(work: Work, change: Bridging): Promise<void>
  /** Brings the uplink's old configuration back to life; `profile` is what NetworkManager had active. */
  back(work: Work, change: Bridging, profile: string | null): Promise<void>
}

/** Longer than a DHCP server takes, shorter than an admin waits. */
const SETTLE_MS = 45_000
const PAUSE_MS = 300

/** On the way back: what one manager refuses must not keep the next command from being tried. */
async function tell({ system, log }: Work, tool: Tool, args: readonly string[]): Promise<void> {
  await system.run(tool, args, { onLine: log, expect: 'any' })
}

async function must({ system, log }: Work, tool: Tool, args: readonly string[]): Promise<void> {
  const hint = 'The old network is brought back. The detail is what the network manager says.'
  await system.run(tool, args, { onLine: log, hint })
}

export async function linkExists(reader: Reader, name: string): Promise<boolean> {
  return (await reader.list(`/sys/class/net/${name}`)).kind === 'names'
}

async function deleteBridge(work: Work, { bridge }: Bridging): Promise<void> {
  const isBridge = (await work.system.list(`/sys/class/net/${bridge}/bridge`)).kind === 'names'
  if (isBridge) await tell(work, 'ip', ['link', 'delete', 'dev', bridge, 'type', 'bridge'])
}

/** Profiles are named by their ids. Bringing the bridge up brings up its ports, too (connection.autoconnect-slaves). */
const networkManager: LiveManager = {
  leave: async () => undefined,
  async enter(work) {
    await must(work, 'nmcli', ['connection', 'load', OWN_FILES.nmBridge, OWN_FILES.nmPort])
    await must(work, 'nmcli', ['--wait', '40', 'connection', 'up', 'uuid', NM_BRIDGE_UUID])
  },
  async exit(work) {
    await tell(work, 'nmcli', ['--wait', '20', 'connection', 'down', 'uuid', NM_BRIDGE_UUID])
  },
  async back(work, change, profile) {
    await tell(work, 'nmcli', ['connection', 'reload'])
    await deleteBridge(work, change)
    if (profile === null || (await defaultLink(work.system, change.ip)) === change.uplink) return
    await tell(work, 'nmcli', ['--wait', '40', 'connection', 'up', 'uuid', profile, 'ifname', change.uplink])
  },
}

/** `reload` makes new netdevs and configures the links whose files changed anew (networkctl(1), systemd 244). */
const networkd: LiveManager = {
  leave: async () => undefined,
  enter: (work) => must(work, 'networkctl', ['reload']),
  exit: async () => undefined,
  async back(work, change) {
    await deleteBridge(work, change)
    await tell(work, 'networkctl', ['reload'])
    await tell(work, 'networkctl', ['reconfigure', change.uplink])
  },
}

/** The old stanza has to be left by `ifdown` before it is edited, or its DHCP client would go on. */
const ifupdown: LiveManager = {
  leave: (work, { uplink }) => must(work, 'ifdown', [uplink]),
  enter: (work, { bridge }) => must(work, 'ifup', [bridge]),
  async exit(work, { bridge }) {
    if (await linkExists(work.system, bridge)) await tell(work, 'ifdown', ['--force', bridge])
  },
  async back(work, change) {
    await deleteBridge(work, change)
    if ((await defaultLink(work.system, change.ip)) === change.uplink) return
    await tell(work, 'ifdown', ['--force', change.uplink])
    await tell(work, 'ifup', ['--force', change.uplink])
  },
}

export const LIVE: Readonly<Record<NetworkManagerId, LiveManager>> = {
  NetworkManager: networkManager,
  'systemd-networkd': networkd,
  ifupdown,
}

/** Waits until the default route of that version of IP goes through a link; false when it does not in time. */
export async function routeArrives(reader: Reader, link: string, ip: IpVersion): Promise<boolean> {
  const deadline = Date.now() + SETTLE_MS
  while ((await defaultLink(reader, ip)) !== link) {
    if (Date.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return true
}
