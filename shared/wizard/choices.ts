import { z } from 'zod'
import { initramfsId } from '../facts/boot/boot-image.ts'
import { loaderId } from '../facts/boot/boot-loader.ts'
import { removedArgs } from '../facts/kernel-args.ts'
import { linkName } from '../facts/network.ts'
import { reservedUnit } from '../units/reserved-unit.ts'
import { virtualChoice } from '../units/virtual-choice.ts'
import { forwards } from '../vm/options/network.ts'
import { CHOICE_FIELDS, INITIAL_CHOICES } from '../vm/options/options.ts'
import { displayMethod, guestAddress } from './display.ts'

/** What step 8 asks of a VM. */
const vmChoices = z.strictObject(CHOICE_FIELDS)

/** What the admin decides in each step. `null` means: decide from evidence. */
export const choices = z.strictObject({
  platform: z.strictObject({}),
  kernel: z.strictObject({}),
  boot: z.strictObject({
    loader: loaderId.nullable(),
    initramfs: initramfsId.nullable(),
    /** Adds iommu=pt: identity mapping for devices the host keeps. Not needed for pass-through. */
    hostPassthrough: z.boolean(),
    /** Adds vfio-pci.disable_idle_d3=1: idle cards stay awake. */
    keepAwake: z.boolean().default(false),
    /** Adds kvm.ignore_msrs=1: a guest that asks for registers KVM does not know goes on. */
    ignoreMsrs: z.boolean().default(false),
    /** Arguments of earlier guides that are taken out. */
    remove: removedArgs.default([]),
  }),
  cards: z.strictObject({
    /** What the host does without. Null: its only card that is not ruled out; empty: nothing. */
    units: z.array(reservedUnit).max(64).nullable(),
    /** Cards that stay with the host and have virtual functions made for VMs. */
    virtualFunctions: z.array(virtualChoice).max(64).default([]),
  }),
  bind: z.strictObject({
    /** Move now what is bound at each boot. Off: it moves at the next boot, for a card that a running desktop uses. */
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
    /** Ports of this host that lead to the guest, while its network is private. */
    forwards: forwards.default([]),
  }),
  definition: vmChoices,
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
  boot: { loader: null, initramfs: null, hostPassthrough: false, keepAwake: false, ignoreMsrs: false, remove: [] },
  cards: { units: null, virtualFunctions: [] },
  bind: { live: true },
  verify: {},
  network: { mode: 'user', bridge: null, seconds: 60, forwards: [] },
  definition: vmChoices.parse(INITIAL_CHOICES),
  launch: { see: null, connector: null, guestAddress: null },
}
