import { z } from 'zod'
import { orUnknown } from '../base/unknown.ts'

const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/u

/** Full BDF address, lower case, with domain: `0000:04:00.0`. */
export const bdfAddress = z.string().regex(ADDRESS, 'a PCI address looks like 0000:04:00.0')

/** A memory or port range. `resizes`: sizes in bytes it could have (PCIe Resizable BAR); empty: none are told. */
const bar = z.strictObject({
  index: z.number().int(),
  start: z.string(),
  end: z.string(),
  size: z.number(),
  resizes: z.array(z.number()),
})
export type Bar = z.infer<typeof bar>

/** One PCI function, as sysfs shows it (Documentation/ABI/testing/sysfs-bus-pci). Ids are 4 hex digits, classId 6. */
export const device = z.strictObject({
  address: bdfAddress,
  vendorId: z.string(),
  deviceId: z.string(),
  subsystem: z.string().nullable(),
  classId: z.string(),
  revision: z.string(),
  name: z.string().nullable(),
  /** Maker and name of the board, after its subsystem ids. */
  board: z.string().nullable(),
  driver: z.string().nullable(),
  driverOverride: z.string().nullable(),
  /** The kernel hangs on it since a change was tried: what would hang as well is not read. Only a reboot ends it. */
  stuck: z.boolean(),
  iommuGroup: z.number().int().nullable(),
  bootVga: z.boolean().nullable(),
  parent: bdfAddress.nullable(),
  /** SR-IOV: the physical function that this virtual one is a part of; null: it is a function in its own right. */
  physfn: bdfAddress.nullable(),
  /** SR-IOV: virtual functions it can have, and has now; null: it can have none. */
  sriov: z.strictObject({ total: z.number().int(), now: z.number().int() }).nullable(),
  /** The root bus its path in sysfs begins at, e.g. `0000:00`; null: the path was not told. */
  rootBus: z.string().nullable(),
  bars: z.array(bar),
  resetMethods: orUnknown(z.array(z.string()).nullable()),
  powerState: z.string().nullable(),
  numaNode: z.number().int().nullable(),
  link: z.strictObject({ speed: z.string(), width: z.string(), maxSpeed: z.string(), maxWidth: z.string() }).nullable(),
  drmCard: z.string().nullable(),
  /** Framebuffer the kernel made on this function, e.g. `fb0`: where the text console is drawn. */
  framebuffer: z.string().nullable(),
  connectors: z.array(z.strictObject({ name: z.string(), connected: z.boolean() })),
  /** false: its configuration space reads ff throughout, so it is gone or asleep for good; null: not told. */
  answers: z.boolean().nullable(),
})
export type Device = z.infer<typeof device>

/** What pci.ids says of a function; null: it does not know it. */
export type DeviceNames = Pick<Device, 'name' | 'board'>

/** `0000:04:00.0` -> `0000:04:00`: the slot, whose functions go to a VM together. */
export function slotOf(address: string): string {
  return address.slice(0, address.lastIndexOf('.'))
}

/** Drops the domain when it is 0000, as lspci does. */
export function shortAddress(address: string): string {
  return address.startsWith('0000:') ? address.slice(5) : address
}

/** Header type 1 and everything of base class 06 belongs to the host; it neither blocks a group nor may be bound. */
export function isBridge(device: Pick<Device, 'classId'>): boolean {
  return device.classId.startsWith('06')
}

/** Base class 03 without 0301 (XGA): VGA controllers, 3D controllers (0302) and other display controllers (0380). */
export function isGpu(device: Pick<Device, 'classId'>): boolean {
  return /^03(00|02|80)/u.test(device.classId)
}

const CLASS_WORDS: Readonly<Record<string, string>> = {
  '0100': 'SCSI controller',
  '0101': 'IDE controller',
  '0104': 'RAID controller',
  '0106': 'SATA controller',
  '0108': 'NVMe controller',
  '0200': 'Ethernet controller',
  '0280': 'network controller',
  '0300': 'VGA controller',
  '0302': '3D controller',
  '0380': 'display controller',
  '0401': 'audio device',
  '0403': 'audio device',
  '0480': 'multimedia controller',
  '0600': 'host bridge',
  '0601': 'ISA bridge',
  '0604': 'PCI bridge',
  '0c03': 'USB controller',
  '0c05': 'SMBus',
  '0c80': 'serial bus controller',
}

/** Returns a class code in words, e.g. `SATA controller`; an unlisted one keeps its number. */
export function classWords(classId: string): string {
  return CLASS_WORDS[classId.slice(0, 4)] ?? `device of class ${classId.slice(0, 4)}`
}

/**
 * Returns the shortest name a person would use: `Quadro M4000`. What pci.ids does not know keeps its ids and class:
 * `Unknown device 10de:ffff (class 0300, VGA controller)`.
 */
export function deviceName(device: Pick<Device, 'name' | 'vendorId' | 'deviceId' | 'classId'>): string {
  const { name } = device
  const marketing = name?.match(/\[([^\]]+)\]\s*$/u)?.[1]
  if (marketing !== undefined) return marketing
  // lspci ends a name so where it knows the vendor alone.
  if (name === null || name.endsWith(' Device')) return `${name ?? 'Unknown device'}${identityWords(device)}`
  return name
}

function identityWords({ vendorId, deviceId, classId }: Pick<Device, 'vendorId' | 'deviceId' | 'classId'>): string {
  const ids = vendorId === '' || deviceId === '' ? '' : ` ${vendorId}:${deviceId}`
  const code = classId.slice(0, 4)
  const words = CLASS_WORDS[code]
  return code === '' ? ids : `${ids} (class ${code}${words === undefined ? '' : `, ${words}`})`
}
