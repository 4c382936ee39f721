import { z } from 'zod'
import { stepId } from '../wizard/step-id.ts'

/**
 * What a leftover means here. `weakens`: it takes a check away that this host would have. `unknown`: what it does cannot
 * be told from its text, or it cannot be read.
 */
const standing = z.enum(['in-the-way', 'weakens', 'harmless', 'unknown'])
export type Standing = z.infer<typeof standing>

/** Lines of one place that an earlier guide may have had somebody add, and that all mean the same for this host. */
export const leftover = z.strictObject({
  /** The file they stand in. */
  source: z.string(),
  /** Each as it stands, with what it does in a sentence; empty: none can be read. */
  lines: z.array(z.strictObject({ line: z.string(), does: z.string() })),
  standing,
  /** Why, in sentences. */
  why: z.string(),
  /** The step that offers to take them out; null: none does. */
  step: stepId.nullable(),
})
export type Leftover = z.infer<typeof leftover>
