import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { blocked, optionTopic } from './topic.ts'

const hexId = z.string().regex(/^[0-9a-f]{4}$/u)
/** The root function by its address, then slot and function number behind each bridge (shared/facts/identity.ts). */
const pciPath = z.string().regex(/^[0-9a-f]{4,8}(?::[0-9a-f]{2}){1,2}\.[0-7](?:\/[0-9a-f]{2}\.[0-7]){0,16}$/u)
/** A system service, by a name that is one word for a shell and for systemd; an instance of a template may be one. */
const serviceName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}\.service$/u)

const atStart = z.strictObject({
  /** In the order in which drivers let go: consumers first, GPUs last. */
  functions: z
    .array(z.strictObject({ address: bdfAddress, vendorId: hexId, deviceId: hexId, path: pciPath }))
    .min(1)
    .max(64),
  /** Services that are stopped before, and started again afterwards. */
  stop: z.array(serviceName).max(16),
})
export type AtStart = z.infer<typeof atStart>

/** Which of the units that step 4 reserves the VM takes. */
export const card = optionTopic({
  definition: {
    /** Functions of the VM's first unit, as a rule its card, function 0 first; others are among the further devices. */
    functions: z.array(bdfAddress).min(1).max(64),
    /** What the VM's start takes from the host's drivers, and its end gives back; not there: nothing. */
    atStart: atStart.optional(),
  },
  choices: {
    /** Cards, by their address. Null: the first that no other VM has. */
    cards: z.array(bdfAddress).max(16).nullable().default(null),
  },
  initial: {},
  view: {
    /** Units that are reserved, and others it was given; `taken`: it has them. */
    units: z.array(
      z.strictObject({
        address: bdfAddress,
        kind: z.enum(['card', 'device']),
        functions: z.array(bdfAddress),
        title: z.string(),
        text: z.string(),
        taken: z.boolean(),
        blocked,
      }),
    ),
  },
})
