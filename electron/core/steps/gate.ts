import type { Finding, Verdict } from '#shared/wizard/finding.ts'
import { type StepId, stepNumber } from '#shared/wizard/step-id.ts'
import { fail, fixInStep, type Gate, pass, unknown } from './step.ts'

/** What an earlier step came to. */
export interface Evaluated {
  id: StepId
  verdict: Verdict
  findings: readonly Finding[]
}

/**
 * Returns an earlier step's verdict as a finding of a later one. Waiting for a reboot does not block it; not knowing is
 * said.
 */
export function gateFinding(gate: Gate, { verdict, findings }: Evaluated): Finding {
  const code = { code: 'gate', about: gate.step } as const
  const { status, text } = verdict
  const cause = findings.find((finding) => finding.text === text)
  const [evidence, fix] = [cause?.evidence ?? [], cause?.fix ?? null]
  if (status === 'blocked') return fail(code, text, evidence, fix)
  if (status === 'needs-work') {
    const first = fixInStep(gate.step, `Step ${stepNumber(gate.step)} comes first.`)
    return fail(code, text, evidence, fix?.step == null ? first : fix)
  }
  return status === 'unknown' ? unknown(code, text, evidence) : pass(code, gate.holds, evidence)
}
