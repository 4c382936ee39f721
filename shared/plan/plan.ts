import { z } from 'zod'
import { stepId } from '../wizard/step-id.ts'
import { change } from './change.ts'
import { planId } from './transaction.ts'

const risk = z.enum(['none', 'reversible', 'may-lose-display', 'may-lose-network'])

/** A change, why it is made, and for a file the text it replaces (null: there is none), so that a diff can be drawn. */
const plannedChange = z.strictObject({ change, reason: z.string(), before: z.string().nullable() })
export type PlannedChange = z.infer<typeof plannedChange>

/** What a step wants to do. Empty `changes`: the host satisfies the step already. */
export const plan = z.strictObject({
  id: planId,
  step: stepId,
  changes: z.array(plannedChange),
  rebootNeeded: z.boolean(),
  risk,
  /** A device name the admin has to type before this plan may be applied; null: no such danger. */
  confirm: z.strictObject({ type: z.string(), danger: z.string() }).nullable(),
})
export type Plan = z.infer<typeof plan>
