import { z } from 'zod'
import { orUnknown } from '../base/unknown.ts'
import { bdfAddress } from './pci.ts'

/** Port of a USB device as sysfs names it, `1-4.2`: bus 1, port 4 of it, port 2 of the hub there. */
export const usbPort = z.string().regex(/^\d+-\d+(\.\d+)*$/u, 'a USB port looks like 1-4.2')
/** A link of udev that stays the same from boot to boot. */
export const inputPath = z.string().regex(/^\/dev\/input\/by-(id|path)\/[^/\0\n]+$/u, 'a path below /dev/input/by-id')
export const diskPath = z.string().regex(/^\/dev\/disk\/by-id\/[^/\0\n]+$/u, 'a path below /dev/disk/by-id')
/** Device of the kvmfr module (Looking Glass): memory that guest and host share. */
export const KVMFR_NODE = '/dev/kvmfr0'

export const usbId = z.string().regex(/^[0-9a-f]{4}$/u, 'four hexadecimal digits')

const usbKind = z.enum(['keyboard', 'mouse', 'storage', 'sound', 'video', 'network', 'smart card', 'other'])
export type UsbKind = z.infer<typeof usbKind>

/** A device on a USB port, hubs excepted. `use`: what the host needs it for; null: it can spare it. */
export const usbDevice = z.strictObject({
  port: usbPort,
  vendorId: usbId,
  productId: usbId,
  name: z.string(),
  kinds: z.array(usbKind),
  controller: bdfAddress.nullable(),
  /** /dev/bus/usb/BUS/DEVICE; its last number changes whenever it is plugged in. */
  node: z.string(),
  nodeUid: z.number().int().nullable(),
  use: z.string().nullable(),
})
export type UsbDevice = z.infer<typeof usbDevice>

/** A keyboard or mouse as the kernel's event device. `path` null: udev gives it no lasting name. */
export const inputDevice = z.strictObject({
  name: z.string(),
  kind: z.enum(['keyboard', 'mouse']),
  node: z.string(),
  path: inputPath.nullable(),
  /** The USB port it hangs on; null: it is on none. */
  usbPort: usbPort.nullable(),
  nodeUid: z.number().int().nullable(),
})
export type InputDevice = z.infer<typeof inputDevice>

/** A whole disk. `use`: why the host cannot spare it; null: nothing speaks against it. */
export const wholeDisk = z.strictObject({
  name: z.string(),
  model: z.string().nullable(),
  sizeBytes: z.number(),
  path: diskPath.nullable(),
  node: z.string(),
  nodeUid: z.number().int().nullable(),
  use: z.string().nullable(),
})
export type WholeDisk = z.infer<typeof wholeDisk>

/** What is plugged into the host and could go to a VM beside the card. */
export const peripherals = z.strictObject({
  usb: orUnknown(z.array(usbDevice)),
  input: orUnknown(z.array(inputDevice)),
  disks: orUnknown(z.array(wholeDisk)),
  /** Shared memory of the kvmfr module behind /dev/kvmfr0; null: the module is not loaded. */
  kvmfr: orUnknown(z.strictObject({ sizeMiB: z.number().int(), nodeUid: z.number().int().nullable() }).nullable()),
  /** Viewers of a guest's screen that are installed here. */
  viewers: orUnknown(z.array(z.string())),
})
export type Peripherals = z.infer<typeof peripherals>
