import { z } from 'zod'
import { orUnknown } from '../base/unknown.ts'
import { bdfAddress } from '../facts/pci.ts'
import { evidence } from '../wizard/finding.ts'
import { leftover } from './leftover.ts'

/** A driver by its name in sysfs; null: none. */
const driver = orUnknown(z.string().nullable())

/** Which driver takes a function at a boot, why, and the lines that say so. */
export const nextDriver = z.strictObject({ driver, why: z.string(), evidence: z.array(evidence) })
export type NextDriver = z.infer<typeof nextDriver>

const driverState = z.strictObject({ driver, override: z.string().nullable() })

/** One function of the chosen card or of its IOMMU group: now, at the next boot, and both after step 5. */
const driverRow = z.strictObject({
  address: bdfAddress,
  kind: z.string(),
  name: z.string(),
  part: z.enum(['card', 'goes along', 'shares the group', 'bridge']),
  today: driverState,
  nextBoot: nextDriver,
  /** null: step 5 plans nothing. */
  planned: driverState.extend({ nextBoot: nextDriver }).nullable(),
})
export type DriverRow = z.infer<typeof driverRow>

/** What the Drivers panel shows. `card` null: none is chosen. `plan`: what step 5 would do, in one sentence. */
export const driversView = z.strictObject({
  card: z.string().nullable(),
  plan: z.string(),
  rows: z.array(driverRow),
  /** Of earlier guides, with what each means here. */
  leftovers: z.array(leftover),
})
export type DriversView = z.infer<typeof driversView>
