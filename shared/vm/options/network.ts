import { z } from 'zod'
import { linkName, macAddress } from '#shared/facts/network.ts'
import { optionTopic } from './topic.ts'

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

/**
 * A private network inside QEMU, or a tap that is a port of a bridge of the host. Without a `mac` the guest has the one
 * that QEMU gives to every VM.
 */
const vmNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), mac: macAddress.optional(), forwards: forwards.optional() }),
  z.strictObject({
    kind: z.literal('tap'),
    tap: linkName,
    vhost: z.boolean(),
    mac: macAddress.optional(),
    /** The bridge it is a port of, so that the VM's start can make it again. */
    bridge: linkName.optional(),
  }),
])

/** The network, which step 7 chooses. */
export const network = optionTopic({ definition: { network: vmNetwork }, choices: {}, initial: {}, view: {} })
