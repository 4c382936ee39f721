import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { optionTopic } from './topic.ts'

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

/** The card, which step 4 chooses. */
export const card = optionTopic({
  definition: {
    /** Functions that are passed through, function 0 first. */
    functions: z.array(bdfAddress).min(1).max(8),
    /** What the VM's start takes from the host's drivers, and its end gives back; not there: nothing. */
    atStart: atStart.optional(),
  },
  choices: {},
  initial: {},
  view: {},
})
