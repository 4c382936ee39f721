import { z } from 'zod'
import { linkName, macAddress } from '#shared/facts/network.ts'
import { optionTopic } from './topic.ts'

/**
 * A private network inside QEMU, or a tap that is a port of a bridge of the host. Without a `mac` the guest has the one
 * that QEMU gives to every VM.
 */
const vmNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), mac: macAddress.optional() }),
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
