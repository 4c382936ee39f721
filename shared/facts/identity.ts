import { z } from 'zod'
import type { Device } from './pci.ts'

/** A way to a function (`wayTo`): the root function, then slot and function number behind each bridge. */
export const way = z.string().regex(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?:\/[0-9a-f]{2}\.[0-7]){0,32}$/u)

/**
 * Returns what makes a function the one that was chosen: ids, subsystem and the way to it, e.g. `10de:13f1 10de:1153
 * 0000:00:03.0/00.0`. Bus numbers shift when a card is added; slots on the way do not.
 */
export function identityOf(device: Device, all: readonly Device[]): string {
  return `${idsOf(device)} ${wayTo(device, all)}`
}

/** Returns the ids of a function. Two with the same ids are the same model, not the same card. */
export function idsOf(device: Device): string {
  return `${device.vendorId}:${device.deviceId} ${device.subsystem ?? '-'}`
}

/** Returns the same from where the link of a device in /sys/bus/pci/devices leads; `address`: where there is no link. */
export function wayInPath(target: string | null, address: string): string {
  const parts = target === null ? [address] : target.split('/').filter((part) => /:.*:.*\..$/u.test(part))
  return parts.map((part, depth) => (depth === 0 ? part : part.slice(part.lastIndexOf(':') + 1))).join('/')
}

/** Returns the way to a function: the root port by its address, then slot and function number behind each bridge. */
export function wayTo(device: Pick<Device, 'address' | 'parent'>, all: readonly Device[]): string {
  const above = all.find((candidate) => candidate.address === device.parent)
  if (above === undefined) return device.address
  return `${wayTo(above, all)}/${device.address.slice(device.address.lastIndexOf(':') + 1)}`
}
