import { z } from 'zod'
import { hash32 } from '#shared/base/hash32.ts'
import { optionTopic } from './topic.ts'

/** Where the guest sees a device: its slot on the root bus, in lspci's words. Slots 00 and 1f are the chipset's own. */
const rootAddress = z.string().regex(/^00:(?:0[1-9a-f]|1[0-9a-e])\.0$/u, 'a slot of the root bus looks like 00:03.0')

/** A device of QEMU's own by what it is, or the port of a unit by the unit's slot on the host. */
const addressed = z.string().regex(/^(?:[a-z][a-z0-9]*|[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})$/u)

/** By what has the address; units in the order in which the VM got them first. */
const guestAddresses = z.record(addressed, rootAddress)
export type GuestAddresses = z.infer<typeof guestAddresses>

/**
 * What a guest takes its machine for, and what stays as it was made once. Card, network and machine type stand in their
 * own topics.
 */
export const hardware = optionTopic({
  definition: {
    /** Null: made before VMs had one, and it stays so. */
    uuid: z
      .string()
      .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u)
      .nullable()
      .default(null),
    /** Also of devices the VM has not got just now, so that nothing else moves there. Empty: QEMU gives them in turn. */
    addresses: guestAddresses.default({}),
  },
  choices: {
    /** The update of the VM's hardware that was taken, by its id. One that is offered later has another. */
    hardwareUpdate: z.string().max(600).nullable().default(null),
  },
  initial: {},
  view: {
    /** In words: machine type and firmware. */
    hardware: z.string(),
    /** Newer hardware for a VM that is written; null: it has the newest. */
    hardwareUpdate: z.strictObject({ id: z.string(), changes: z.array(z.string()), taken: z.boolean() }).nullable(),
  },
})

/** UUID of a new VM (RFC 9562, version 8: made of names). `host`: what no other host has. */
export function vmUuid(host: string, vm: string): string {
  const digits = [0, 1, 2, 3].map((part) => hash32(`${part}/${host}/${vm}`).toString(16).padStart(8, '0')).join('')
  const [a, b, c, d, e] = [
    [0, 8],
    [8, 12],
    [13, 16],
    [17, 20],
    [20, 32],
  ].map(([from, to]) => digits.slice(from, to))
  return `${a}-${b}-8${c}-a${d}-${e}`
}
