import { z } from 'zod'
import { vmName } from '../base/vm-name.ts'
import { initramfsId, loaderId } from '../facts/facts.ts'
import { linkName } from '../facts/network.ts'
import { bdfAddress } from '../facts/pci.ts'
import { inputPath } from '../facts/peripherals.ts'
import { audioDriver, sharedPicture, vmDisk, vmProfile, vmUsbDevice } from '../vm/vm.ts'
import { displayMethod, guestAddress } from './display.ts'

const isoPath = z.string().regex(/^\/[^\0\n]*$/u, 'an absolute path')

/** What the admin decides in each step. `null` means: decide from evidence. */
export const choices = z.strictObject({
  platform: z.strictObject({}),
  kernel: z.strictObject({}),
  boot: z.strictObject({
    loader: loaderId.nullable(),
    initramfs: initramfsId.nullable(),
    /** Adds iommu=pt: identity mapping for devices the host keeps. Not needed for pass-through. */
    hostPassthrough: z.boolean(),
  }),
  cards: z.strictObject({
    address: bdfAddress.nullable(),
    /** What was at the address when it was chosen (shared/identity.ts): addresses move when cards are added. */
    identity: z.string().optional(),
    /** Endpoints of the same IOMMU groups that go along, because the host can spare them. */
    companions: z.array(bdfAddress).optional(),
  }),
  bind: z.strictObject({
    /** Also bind at every boot, by address, before any other driver comes. */
    atBoot: z.boolean(),
    /** Move the card now. Off: it moves at the next boot, for a card that a running desktop keeps in use. */
    live: z.boolean(),
  }),
  verify: z.strictObject({}),
  network: z.strictObject({
    /** `bridge`: one that is there already; `new-bridge`: one over the wired link of the default route. */
    mode: z.enum(['user', 'bridge', 'new-bridge']),
    /** Name of the bridge; null: the only one there, or the usual name for a new one. */
    bridge: linkName.nullable(),
    /** How long a new bridge waits to be kept before the old network comes back. */
    seconds: z.number().int().min(30).max(600),
  }),
  definition: z.strictObject({
    name: vmName,
    memoryMiB: z.number().int().min(256).max(4_194_304).nullable(),
    vcpus: z.number().int().min(1).max(512).nullable(),
    /** Keep each virtual processor on one of the host's. */
    pin: z.boolean().nullable().default(null),
    profile: vmProfile,
    disk: vmDisk.nullable(),
    installIso: isoPath.nullable(),
    driverIso: isoPath.nullable(),
    secureBoot: z.boolean().nullable(),
    tpm: z.boolean().nullable(),
    screen: z.boolean().nullable(),
    audio: audioDriver.or(z.literal('none')).nullable(),
    extraDevices: z.array(bdfAddress).max(8),
    lookingGlass: sharedPicture.nullable(),
    /** SeaBIOS instead of UEFI, as in the paper. What follows has a default so that older files stay readable. */
    bios: z.boolean().default(false),
    usb: z.array(vmUsbDevice).max(8).default([]),
    /** Keyboards and mice that host and guest take in turns. */
    evdev: z.array(inputPath).max(4).default([]),
    /** Guest memory in pages of 2 MiB. */
    hugePages: z.boolean().default(false),
    spice: z.boolean().nullable().default(null),
    /** Keep other programs of the host off the processors that are pinned. */
    setApart: z.boolean().default(false),
  }),
  launch: z.strictObject({
    /** How somebody sees the guest; null: decided from what is there. */
    see: displayMethod.nullable().default(null),
    /** Connector of the card a monitor is on, for `monitor`; null: not told. */
    connector: z.string().max(40).nullable().default(null),
    /** Where the guest answers; null: looked for among the host's neighbours. */
    guestAddress: guestAddress.nullable().default(null),
  }),
})
export type Choices = z.infer<typeof choices>

export const DEFAULT_CHOICES: Choices = {
  platform: {},
  kernel: {},
  boot: { loader: null, initramfs: null, hostPassthrough: false },
  cards: { address: null },
  bind: { atBoot: true, live: true },
  verify: {},
  network: { mode: 'user', bridge: null, seconds: 60 },
  definition: {
    name: 'designer',
    memoryMiB: null,
    vcpus: null,
    pin: null,
    profile: 'proof-guest',
    disk: null,
    installIso: null,
    driverIso: null,
    secureBoot: null,
    tpm: null,
    screen: null,
    audio: null,
    extraDevices: [],
    lookingGlass: null,
    bios: false,
    usb: [],
    evdev: [],
    hugePages: false,
    spice: null,
    setApart: false,
  },
  launch: { see: null, connector: null, guestAddress: null },
}
