import { z } from 'zod'
import { fileStamp } from '../base/file-stamp.ts'
import { orUnknown } from '../base/unknown.ts'
import { way } from './identity.ts'
import { bdfAddress } from './pci.ts'

/**
 * A function as it was handed over. `ids`: vendor, device and subsystem (identity.ts, idsOf); `way`: how it was reached,
 * null where an earlier version did not note it.
 */
const provenFunction = z.strictObject({
  address: bdfAddress,
  ids: z.string(),
  name: z.string(),
  way: way.nullable().default(null),
})
export type ProvenFunction = z.infer<typeof provenFunction>

/** What a machine was when a guest reported the card: the last known good, which later looks are compared with. */
export const baseline = z.strictObject({
  at: z.string(),
  vm: z.string(),
  simulated: z.boolean(),
  /** Name of the distribution, with its release. */
  system: z.string(),
  kernel: z.string(),
  cmdline: z.string(),
  qemu: z.string().nullable(),
  /** The UEFI image the VM starts from; null: it starts without. */
  firmware: z.strictObject({ path: z.string(), stamp: fileStamp.nullable() }).nullable(),
  bios: orUnknown(z.string().nullable()),
  functions: z.array(provenFunction),
  /** Configuration that was there, by path, as SHA-256. */
  files: z.record(z.string(), z.string()),
})
export type Baseline = z.infer<typeof baseline>
