import { z } from 'zod'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { plural } from '#shared/base/text.ts'
import { ipVersion, linkName, type NetworkManagerId, networkManagerId, NM_BRIDGE_UUID } from '#shared/facts/network.ts'
import { kind } from './kind.ts'

/** `ip`: whose default route moves to the bridge, and back. A journal of before knows IPv4 only. */
const bridging = { manager: networkManagerId, uplink: linkName, bridge: linkName, ip: ipVersion.default('IPv4') }

/**
 * First change of a new bridge: starts a timer of systemd that takes the whole transaction back after `seconds`
 * unless it was confirmed, and then has the manager let go of the uplink. Its undo comes last and brings the
 * uplink's old configuration to life.
 */
const guardNetwork = z.strictObject({
  kind: z.literal('guard-network'),
  ...bridging,
  seconds: z.number().int().min(30).max(600),
  expected: z.strictObject({ mac: z.string() }),
})

/** Last change of a new bridge: has the manager read its files and bring the bridge up; its undo takes the bridge down. */
const switchNetwork = z.strictObject({ kind: z.literal('switch-network'), ...bridging })

/** A persistent tap for one user, a port of a bridge. Lasts until undo or reboot (ip-tuntap(8)). */
const createTap = z.strictObject({
  kind: z.literal('create-tap'),
  name: linkName,
  bridge: linkName,
  uid: z.number().int().min(1),
})

const TAKE_UP: Readonly<Record<NetworkManagerId, (bridge: string) => string[]>> = {
  NetworkManager: () => [
    `nmcli connection load ${OWN_FILES.nmBridge} ${OWN_FILES.nmPort}`,
    `nmcli --wait 40 connection up uuid ${NM_BRIDGE_UUID}`,
  ],
  'systemd-networkd': () => ['networkctl reload'],
  ifupdown: (bridge) => [`ifup ${bridge}`],
}

export const networkKinds = {
  'guard-network': kind({
    schema: guardNetwork,
    text: (change) => `Have the old network come back after ${change.seconds} s unless it is kept`,
    script: ({ manager, uplink, seconds }) => [
      `# the app has systemd take the rest back after ${seconds} s; there is no such guard when run by hand`,
      ...(manager === 'ifupdown' ? [`ifdown ${uplink}`] : []),
    ],
    label: null,
  }),
  'switch-network': kind({
    schema: switchNetwork,
    text: (change) => `Move the network of ${change.uplink} to the bridge ${change.bridge} with ${change.manager}`,
    script: ({ manager, bridge }) => TAKE_UP[manager](bridge),
    label: () => 'move the network to the bridge',
  }),
  'create-tap': kind({
    schema: createTap,
    text: (change) => `Make the tap ${change.name} for uid ${change.uid}, a port of ${change.bridge}`,
    script: ({ name, uid, bridge }) => [
      `ip tuntap add dev ${name} mode tap user ${uid} vnet_hdr`,
      `ip link set dev ${name} master ${bridge} up`,
    ],
    label: (number) => `make ${plural(number, 'tap')}`,
  }),
}
