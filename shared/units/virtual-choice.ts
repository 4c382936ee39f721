import { z } from 'zod'
import { bdfAddress } from '../facts/pci.ts'

/** How many virtual functions (SR-IOV) a physical one is to have. The physical one stays with the host. */
export const virtualChoice = z.strictObject({
  address: bdfAddress,
  /** What was there (shared/facts/identity.ts): addresses move when cards are added. Null: not looked at yet. */
  identity: z.string().nullable().default(null),
  count: z.number().int().min(0).max(65_535),
})
export type VirtualChoice = z.infer<typeof virtualChoice>
