import { z } from 'zod'
import { hash32 } from '../base/hash32.ts'
import { RUN_DIRECTORY } from '../base/own-files.ts'

/** What configures a link of the host. netplan is none of them: it writes the files of the first two. */
export const networkManagerId = z.enum(['NetworkManager', 'systemd-networkd', 'ifupdown'])
export type NetworkManagerId = z.infer<typeof networkManagerId>

/** What a default route is of. A host with both is judged by its IPv4 one. */
export const ipVersion = z.enum(['IPv4', 'IPv6'])
export type IpVersion = z.infer<typeof ipVersion>

/** Name of a network link: at most 15 characters (IFNAMSIZ in linux/if.h), here of a harmless set. */
export const linkName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,14}$/u, 'a link name has 1 to 15 of A-Z, a-z, 0-9, _ and -')

export const macAddress = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/u, 'a MAC address looks like 52:54:00:12:34:56')

export const defaultRoute = z.strictObject({ link: z.string(), ip: ipVersion })
export type DefaultRoute = z.infer<typeof defaultRoute>

/** The bridge that is made when no other name is chosen. */
export const NEW_BRIDGE = 'br-vm'

/** Profiles of ours in NetworkManager. One bridge at most is made on a host, so the ids can be fixed. */
export const NM_BRIDGE_UUID = '5d4f2c4e-8a51-4f4e-9f0c-70617373746a'
export const NM_PORT_UUID = '5d4f2c4e-8a51-4f4e-9f0c-70617373746b'

/** What the helper leaves for the app while a new network waits to be kept. */
export const GUARD_FILE = `${RUN_DIRECTORY}/network-guard.json`

export const guardNote = z.strictObject({ tx: z.string(), until: z.string() })

/** Unit that brings the old network back. Timer and service share the name. */
export function guardUnit(tx: string): string {
  return `passthrough-studio-guard-${tx}`
}

/** IFNAMSIZ leaves so many characters to a link's name. */
const NAME_ROOM = 15

/**
 * Name of the tap of a VM's network card, by the card's number. Two long names may begin alike, so a hash of the whole
 * name ends such a tap's.
 */
export function tapName(vm: string, card = 1): string {
  const mark = card === 1 ? 'tap-' : `tap${card}-`
  const room = NAME_ROOM - mark.length
  if (vm.length <= room) return `${mark}${vm}`
  return `${mark}${vm.slice(0, room - 5)}-${hash32(vm).toString(16).padStart(8, '0').slice(-4)}`
}

/**
 * MAC address of a new VM: QEMU gives every VM the same one unless told (net/net.c), and two of those on one bridge take
 * each other's traffic. 52:54:00 is QEMU's own prefix, the rest a hash. `host`: what no other host has; `card`: the number
 * of the VM's network card.
 */
export function vmMac(host: string, vm: string, card = 1): string {
  const named = card === 1 ? `${host}/${vm}` : `${host}/${vm}/${card}`
  const [a = '00', b = '00', c = '00'] = (hash32(named) & 0xffffff).toString(16).padStart(6, '0').match(/../gu) ?? []
  return `52:54:00:${a}:${b}:${c}`
}

/** Whether a bridge is one of libvirt's own networks, whose guests are behind NAT of this host. */
export function isLibvirtBridge(name: string): boolean {
  return /^virbr\d+$/u.test(name)
}
