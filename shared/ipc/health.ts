import { z } from 'zod'
import { finding, verdict } from '../wizard/finding.ts'

/** One thing that was compared with the last known good. `same`: null when it could not be read. */
const comparison = z.strictObject({
  what: z.string(),
  was: z.string().nullable(),
  is: z.string().nullable(),
  same: z.boolean().nullable(),
  finding,
})
export type Comparison = z.infer<typeof comparison>

/** Whether the host is still what it was when a guest last proved the card. */
export const health = z.strictObject({
  verdict,
  /** The last known good; null: no guest has proven the card yet. */
  proven: z.strictObject({ at: z.string(), vm: z.string(), simulated: z.boolean() }).nullable(),
  /** How many things differ and ask for a look. */
  changes: z.number().int(),
  compared: z.array(comparison),
})
export type Health = z.infer<typeof health>
