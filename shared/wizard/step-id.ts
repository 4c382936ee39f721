import { z } from 'zod'

/** The nine steps of the paper, in its order. */
export const STEP_IDS = [
  'platform',
  'kernel',
  'boot',
  'cards',
  'bind',
  'verify',
  'network',
  'definition',
  'launch',
] as const

export const stepId = z.enum(STEP_IDS)
export type StepId = z.infer<typeof stepId>

/** Position in the rail and in the paper, from 1. */
export function stepNumber(id: StepId): number {
  return STEP_IDS.indexOf(id) + 1
}
