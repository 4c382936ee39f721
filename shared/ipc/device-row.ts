import { z } from 'zod'
import { bdfAddress } from '../facts/pci.ts'

/** What can become of a function: passed as it stands, only with others, after work, never, or nobody can tell. */
const availability = z.enum(['ready', 'goes-along', 'needs-work', 'host', 'unknown'])
export type Availability = z.infer<typeof availability>

/** One line of the Devices panel: a PCI function as a person reads it. Sizes are in bytes. */
export const deviceRow = z.strictObject({
  address: bdfAddress,
  kind: z.string(),
  ids: z.string(),
  subsystem: z.string().nullable(),
  name: z.string().nullable(),
  board: z.string().nullable(),
  driver: z.string().nullable(),
  override: z.string().nullable(),
  /** Driver it has after the next boot, `none` or `unknown`, and the reason in one sentence. */
  nextBoot: z.string(),
  nextBootWhy: z.string(),
  group: z.number().int().nullable(),
  availability,
  verdict: z.string(),
  bootVga: z.boolean(),
  /** Connectors with a monitor. */
  screens: z.array(z.string()),
  link: z.strictObject({ text: z.string(), downTrained: z.boolean() }).nullable(),
  memoryBytes: z.number(),
  bars: z.array(z.string()),
  /** Resizable BAR: the size now and the largest; null: the kernel tells of none. */
  rebar: z.string().nullable(),
  /** null: the kernel tells no method; unknown is said in words. */
  reset: z.string().nullable(),
  numaNode: z.number().int().nullable(),
  power: z.string().nullable(),
  heldBy: z.array(z.string()),
  /** Addresses of other endpoints that would have to go to the same VM. */
  takes: z.array(z.string()),
})
export type DeviceRow = z.infer<typeof deviceRow>
