import { z } from 'zod'
import { storedStepId } from '../wizard/former-names.ts'
import type { StepId } from '../wizard/step-id.ts'

/** What plans are named: the name goes into file names, names of systemd's units and a shell script. */
export const planId = z.string().regex(/^[a-z0-9-]{1,64}$/u)

/** Names a transaction after its time and its plan, whose name begins with its step. */
export function transactionOf(plan: string, now: number): string {
  return `${now.toString(36)}-${plan}`
}

/** The step a transaction was for, by its name; null: the name does not tell. */
export function stepOfTx(tx: string): StepId | null {
  const step = storedStepId.safeParse(/^[0-9a-z]+-([a-z]+)(?:-|$)/u.exec(tx)?.[1])
  return step.success ? step.data : null
}

/** When a transaction began, by its name. */
export function moment(tx: string): string {
  const at = new Date(Number.parseInt(/^[0-9a-z]+/u.exec(tx)?.[0] ?? '', 36))
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
