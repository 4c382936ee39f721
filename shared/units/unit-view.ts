import { z } from 'zod'
import { type Device, device, isBridge } from '../facts/pci.ts'
import type { When } from './reserved-unit.ts'

export const unitStatus = z.enum(['ready', 'needs-work', 'blocked', 'unknown'])

/**
 * One thing that speaks for or against a unit. `address`: the function it is about; null: the unit as a whole. `need`:
 * what the host has that function for, where the reason is shown beside it.
 */
const unitReason = z.strictObject({
  code: z.string(),
  text: z.string(),
  status: unitStatus,
  address: z.string().nullable(),
  need: z.string().nullable(),
})
export type UnitReason = z.infer<typeof unitReason>

/** What may go wrong with a unit although it can be handed over. */
const unitWarning = z.strictObject({ code: z.string(), text: z.string(), address: z.string() })
export type UnitWarning = z.infer<typeof unitWarning>

/**
 * `reasons` are those of `status`; `lesser` are what would be said without them. `warnings` decide nothing here.
 */
const unitVerdict = z.strictObject({
  status: unitStatus,
  reasons: z.array(unitReason),
  lesser: z.array(unitReason),
  warnings: z.array(unitWarning),
})
export type UnitVerdict = z.infer<typeof unitVerdict>

/** A graphics card, or any other device with its slot. */
export const unitKind = z.enum(['card', 'device'])

/** What goes to a VM together, with a judgement in words. */
export const unitView = z.strictObject({
  kind: unitKind,
  /** The function the unit is named after. */
  address: z.string(),
  name: z.string(),
  functions: z.array(device),
  iommuGroup: z.number().int().nullable(),
  /** Groups of all functions that go along: some cards have one for each function. */
  groups: z.array(z.number().int()),
  groupMembers: z.array(z.string()),
  /** Bridges in its groups that do not block it. */
  bridges: z.array(z.string()),
  /** What else is in its groups: endpoints, and bridges whose driver keeps the group. */
  foreignEndpoints: z.array(z.string()),
  identicalTo: z.array(z.string()),
  verdict: unitVerdict,
})
export type UnitView = z.infer<typeof unitView>

/** A unit that a VM takes; `when` only where this program reserved it. */
export interface TakenUnit extends UnitView {
  when?: When
}

/** A unit that the host does without, and how. */
export interface ReservedView extends UnitView {
  when: When
}

/** Functions that go to the VM: all of the unit but bridges. */
export function passedFunctions(unit: Pick<UnitView, 'functions'>): Device[] {
  return unit.functions.filter((device) => !isBridge(device))
}
