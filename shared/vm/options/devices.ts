import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { inputPath, usbId, usbPort } from '#shared/facts/peripherals.ts'
import { sharedFolders } from './shared-folders.ts'
import { blocked, optionTopic } from './topic.ts'

/** Sound back ends of QEMU this program can use, in the order it prefers them. */
export const AUDIO_DRIVERS = ['pipewire', 'pa', 'alsa'] as const
const audioDriver = z.enum(AUDIO_DRIVERS)

/** A USB device of the host: the port it is plugged into, and what has to be there. */
const vmUsbDevice = z.strictObject({ port: usbPort, vendorId: usbId, productId: usbId })
export type VmUsbDevice = z.infer<typeof vmUsbDevice>

/** A keyboard or mouse of the host that guest and host share. */
const vmInput = z.strictObject({ path: inputPath, kind: z.enum(['keyboard', 'mouse']) })
export type VmInput = z.infer<typeof vmInput>

const extraDevices = z.array(bdfAddress).max(64)

/** What goes to the guest beside the card: controllers, USB devices, keyboards and mice in turns, sound. */
export const devices = optionTopic({
  definition: {
    /** Functions of further units, each slot behind a root port of its own. */
    extraDevices,
    usbDevices: z.array(vmUsbDevice).max(8).default([]),
    inputDevices: z.array(vmInput).max(4).default([]),
    audio: audioDriver.nullable(),
    sharedFolders: sharedFolders.default([]),
  },
  choices: {
    audio: audioDriver.or(z.literal('none')).nullable(),
    extraDevices,
    usb: z.array(vmUsbDevice).max(8).default([]),
    /** Keyboards and mice that host and guest take in turns. */
    evdev: z.array(inputPath).max(4).default([]),
    sharedFolders: sharedFolders.default([]),
  },
  initial: { audio: null, extraDevices: [] },
  view: {
    audio: z.array(z.strictObject({ id: audioDriver, title: z.string() })),
    usb: z.array(z.strictObject({ device: vmUsbDevice, title: z.string(), text: z.string(), blocked })),
    input: z.array(z.strictObject({ path: inputPath, title: z.string(), text: z.string() })),
    /** Why what is plugged into this host cannot all be told; null: it can. */
    peripheralsUnknown: z.string().nullable(),
    /** Why no directory of this host can be shared. */
    sharingBlocked: blocked,
  },
})
