import { z } from 'zod'
import { way } from '#shared/facts/identity.ts'
import { bdfAddress } from '#shared/facts/pci.ts'

const hexId = z.string().regex(/^[0-9a-f]{4}$/u)
/** A system service, by a name that is one word for a shell and for systemd; an instance of a template may be one. */
export const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}\.service$/u, 'a service ends in .service')

export const comeBackMinutes = z.number().int().min(2).max(60).nullable()

/** A function as it was when step 8 was written. */
export const expectedFunction = z.strictObject({
  address: bdfAddress,
  vendorId: hexId,
  deviceId: hexId,
  way,
})
export type ExpectedFunction = z.infer<typeof expectedFunction>

/** What a VM's start takes from the host's drivers, and its end gives back. */
export const atStart = z.strictObject({
  /** In the order in which drivers let go: consumers first, GPUs last. */
  functions: z.array(expectedFunction).min(1).max(64),
  /** Services that are stopped before, and started again afterwards. */
  stop: z.array(serviceName).max(16),
  /** When the VM is ended again because its guest is not up; null: nothing watches. In minutes. */
  minutes: comeBackMinutes,
})
export type AtStart = z.infer<typeof atStart>
