import { z } from 'zod'
import { bdfAddress } from '../facts/pci.ts'

/**
 * How a unit is kept from the host: `boot`: bound at each boot before any other driver; `vm`: taken when its VM starts,
 * and the host's again when it ends; `now`: bound until the next reboot.
 */
export const when = z.enum(['boot', 'vm', 'now'])
export type When = z.infer<typeof when>

/** A unit that the host does without, so that VMs may take it. */
export const reservedUnit = z.strictObject({
  /** The function it is named after, where it was when it was chosen. */
  address: bdfAddress,
  /** What was there (shared/facts/identity.ts): addresses move when cards are added. Null: not looked at yet. */
  identity: z.string().nullable().default(null),
  /** Endpoints of the same IOMMU groups that go along, because the host can spare them. */
  companions: z.array(bdfAddress).max(64).default([]),
  when: when.default('boot'),
})
export type ReservedUnit = z.infer<typeof reservedUnit>

/** In words, beside a unit's name. */
export const WHEN_WORDS: Readonly<Record<When, string>> = {
  boot: 'reserved at each boot',
  vm: 'taken while its VM runs',
  now: 'reserved until the next reboot',
}
