import type { Situation } from '#core/situation.ts'
import type { Plan, PlannedChange } from '#shared/plan/plan.ts'
import type { Evidence, Finding, FindingStatus, Fix } from '#shared/wizard/finding.ts'
import type { FindingCode } from '#shared/wizard/finding-codes.ts'
import type { HostText } from '#shared/wizard/host-text.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

/** A step that has to hold; `holds` is the sentence for when it does. */
export interface Gate {
  step: StepId
  holds: string
}

/** What a step wants done; the engine adds identity. */
export type PlanBody = Omit<Plan, 'id' | 'step'>

/**
 * One of the nine steps. Pure: everything is decided from the situation. `check` says whether the step can be done
 * here, `verify` whether it is done; a host that satisfies `verify` gets an empty plan.
 */
export interface Step {
  readonly id: StepId
  readonly title: string
  /** What the paper did in this step, and what we do instead. */
  readonly paper: { did: string; we: string }
  /** Earlier steps that have to hold when this one is carried out, each with the words for that. */
  readonly gates: readonly Gate[]
  check(situation: Situation): Finding[]
  plan(situation: Situation): PlanBody
  verify(situation: Situation): Finding[]
  /** What this distribution's own tool or configuration takes for it; null: nothing of its own. */
  readonly hostText?: (situation: Situation) => HostText | null
}

export const NO_CHANGES: PlanBody = { changes: [], rebootNeeded: false, risk: 'none', confirm: null }

/** Returns a plan that can simply be taken back. */
export function reversible(changes: PlannedChange[], rebootNeeded: boolean): PlanBody {
  return changes.length === 0 ? NO_CHANGES : { changes, rebootNeeded, risk: 'reversible', confirm: null }
}

/** The code of one of several findings alike, and what it is about. */
export interface CodeAbout {
  code: FindingCode
  about: string
}

function make(status: FindingStatus) {
  return (code: FindingCode | CodeAbout, text: string, evidence: Evidence[], fix: Fix | null = null): Finding => {
    const which = typeof code === 'string' ? { code, about: null } : code
    return { ...which, status, text, evidence, fix }
  }
}

export const pass = make('pass')
export const warn = make('warn')
export const fail = make('fail')
export const unknown = make('unknown')
export const afterReboot = make('after-reboot')

/** Advice without a step that carries it out. */
export function manualFix(text: string): Fix {
  return { text, step: null, action: null }
}

export function fixInStep(step: StepId, text: string): Fix {
  return { text, step, action: null }
}

/** Returns the fix that has root read the boot menu for this user. */
export function readAsRoot(paths: readonly string[]): Fix {
  const what = paths.length === 1 ? (paths[0] ?? '') : `${paths[0] ?? ''} and ${paths.length - 1} more`
  const text = `Only root may read ${what}. The button beside asks for an administrator’s password and changes nothing; on the command line, "apply" asks for it first.`
  return { text, step: null, action: 'read-closed' }
}
