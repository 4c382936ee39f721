import type { Finding, Verdict } from '#shared/wizard/finding.ts'
import type { PlanBody } from './step.ts'

/**
 * Sums up a step in one word and one sentence. A failed check outranks a failed proof, which outranks unknown, which
 * outranks waiting for a reboot. What some step can fix is work, the rest is blocked. While something waits to be read
 * with administrator rights, nothing is called blocked for the lack of it.
 */
export function verdictOf(check: readonly Finding[], verify: readonly Finding[], plan: PlanBody): Verdict {
  return (
    failedCheck(check) ??
    closed([...check, ...verify]) ??
    failedProof(verify, plan) ??
    open(check, verify) ??
    done(check, verify)
  )
}

function first(findings: readonly Finding[], status: Finding['status']): Finding | undefined {
  return findings.find((finding) => finding.status === status)
}

function failedCheck(check: readonly Finding[]): Verdict | null {
  const barred = first(check, 'fail')
  if (barred === undefined) return null
  return { status: hasFixStep(barred) ? 'needs-work' : 'blocked', text: barred.text }
}

function closed(findings: readonly Finding[]): Verdict | null {
  const dark = findings.find((finding) => finding.fix?.action === 'read-closed')
  const open = dark?.status === 'unknown' || first(findings, 'fail') !== undefined
  return dark === undefined || !open ? null : { status: 'unknown', text: dark.text }
}

function failedProof(verify: readonly Finding[], plan: PlanBody): Verdict | null {
  const lacking = first(verify, 'fail')
  if (lacking === undefined) return null
  const mendable = plan.changes.length > 0 || hasFixStep(lacking)
  return { status: mendable ? 'needs-work' : 'blocked', text: lacking.text }
}

function hasFixStep(finding: Finding): boolean {
  return finding.fix !== null && finding.fix.step !== null
}

function open(check: readonly Finding[], verify: readonly Finding[]): Verdict | null {
  const dark = first([...check, ...verify], 'unknown')
  if (dark !== undefined) return { status: 'unknown', text: dark.text }
  const later = first(verify, 'after-reboot')
  return later === undefined ? null : { status: 'after-reboot', text: later.text }
}

function done(check: readonly Finding[], verify: readonly Finding[]): Verdict {
  const best = verify[0] ?? check[0]
  return { status: 'ok', text: best?.text ?? 'Nothing to do.' }
}
