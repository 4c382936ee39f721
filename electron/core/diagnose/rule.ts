import type { Said, Severity } from '#shared/ipc/diagnosis.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import type { CheckId } from './evidence/checks.ts'

/**
 * One known failure, as data.
 *
 * `says` are the words of the program, any one of which is enough. Blanks, quotes and case do not count, and a
 * part in braces stands for what varies: see pattern.ts.
 */
export interface Rule {
  id: string
  where: Said
  severity: Severity
  says: readonly string[]
  /** For what no program says in fixed words: each of these has to be found close to the first. */
  words?: readonly (readonly string[])[]
  /** The check alone proves it, also where nothing was said. */
  byFacts?: true
  /** Words that, found anywhere in the text, prove that it is not this. */
  unless?: readonly string[]
  cause: string
  fix: string
  step: StepId | null
  check: CheckId
  /** Failures of which this one is a consequence: they come first, in one group with it. */
  after?: readonly string[]
  /** The general failure of which this one is a special case: it comes first where this host shows it, else after. */
  refines?: string
}
