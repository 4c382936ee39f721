import { z } from 'zod'
import { linkName, macAddress } from '#shared/facts/network.ts'
import { blocked, optionTopic } from './topic.ts'

/** Ports below are root's, and QEMU runs as an ordinary user. */
const hostPort = z.number().int().min(1024).max(65_535)

/** A port of this host that leads to one of the guest's. */
const forward = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  hostPort,
  guestPort: z.number().int().min(1).max(65_535),
  /** Other machines reach it too; else this host alone. */
  everyone: z.boolean(),
})
export type Forward = z.infer<typeof forward>

/** No port of the host leads to two. */
export const forwards = z
  .array(forward)
  .max(16)
  .refine((list) => new Set(list.map((one) => `${one.protocol} ${one.hostPort}`)).size === list.length, {
    error: 'one port of this host cannot lead to two of the guest',
  })

const tap = z.strictObject({
  kind: z.literal('tap'),
  tap: linkName,
  vhost: z.boolean(),
  mac: macAddress.optional(),
  /** The bridge it is a port of, so that the VM's start can make it again. */
  bridge: linkName.optional(),
  /** How many pairs of queues the card has; not there: one. */
  queues: z.number().int().min(2).max(8).optional(),
})

/**
 * A private network inside QEMU, or a tap that is a port of a bridge of the host. Without a `mac` the guest has the one
 * that QEMU gives to every VM.
 */
const vmNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), mac: macAddress.optional(), forwards: forwards.optional() }),
  tap,
])

/** How the guest sees a network card. virtio needs a driver in the guest; for e1000e most systems have one. */
const nicModel = z.enum(['virtio', 'e1000e'])
export type NicModel = z.infer<typeof nicModel>

/** Of the cards beside the first. A card keeps its number, and with it tap, MAC and place. */
const number = z.number().int().min(2).max(4)
export const MORE_NICS = [2, 3, 4] as const
const moreNic = z.strictObject({
  number,
  model: nicModel,
  network: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('user'), mac: macAddress }),
    tap.required({ mac: true, bridge: true }),
  ]),
})
/** The same as it is chosen. `bridge` null: a private network. */
const chosenNic = z.strictObject({ number, model: nicModel, bridge: linkName.nullable() })
export type ChosenNic = z.infer<typeof chosenNic>

/** The network that step 7 chooses for the first card, and what cards the guest has. */
export const network = optionTopic({
  definition: {
    network: vmNetwork,
    nicModel: nicModel.default('virtio'),
    moreNics: z.array(moreNic).max(MORE_NICS.length).default([]),
  },
  choices: {
    nicModel: nicModel.default('virtio'),
    moreNics: z.array(chosenNic).max(MORE_NICS.length).default([]),
  },
  initial: {},
  view: {
    nicModels: z.array(z.strictObject({ id: nicModel, title: z.string(), text: z.string(), blocked })),
  },
})
