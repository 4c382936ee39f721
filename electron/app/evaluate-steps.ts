import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { gateFinding } from '#core/steps/gate.ts'
import { STEPS } from '#core/steps/index.ts'
import { fail, fixInStep, NO_CHANGES, type PlanBody, type Step, warn } from '#core/steps/step.ts'
import { verdictOf } from '#core/steps/verdict.ts'
import { sha256 } from '#host/sha256.ts'
import { JOURNAL_FILE } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { changeText } from '#shared/plan/change.ts'
import { type JournalEntry, unconfirmedNetwork } from '#shared/plan/journal.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { concernsVm } from '#shared/plan/vm-of-change.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { Finding, Verdict } from '#shared/wizard/finding.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'
import { limitToCoverage } from './coverage.ts'
import { planScript } from './plan-script.ts'

/** Returns all nine pages for one situation. */
export function evaluateSteps(
  situation: Situation,
  journal: readonly JournalEntry[],
  journalTroubles: readonly Finding[] = [],
): StepView[] {
  const done = new Map<StepId, StepView>()
  for (const step of STEPS) done.set(step.id, evaluateStep(step, situation, journal, done))
  // They bar changes of every step, and no VM; the first page is where a look begins.
  const [first, ...others] = [...done.values()]
  return first === undefined ? [] : [{ ...first, findings: [...journalTroubles, ...first.findings] }, ...others]
}

/** `done`: the pages of the steps before this one. */
function evaluateStep(
  step: Step,
  situation: Situation,
  journal: readonly JournalEntry[],
  done: ReadonlyMap<StepId, StepView>,
): StepView {
  const { facts, choices } = situation
  const open = journal.filter((entry) => entry.step === step.id && entry.reverted === null)
  const mine = open.filter((entry) => concernsVm(entry.change, choices.definition.name))
  const check = limitToCoverage(facts, [
    ...interrupted(mine),
    ...unconfirmedFinding(mine, facts),
    ...gates(step, done, situation),
    ...step.check(situation),
  ])
  const verify = limitToCoverage(facts, step.verify(situation))
  const barred = facts.coverage !== null || check.some((finding) => finding.status === 'fail')
  const body = step.plan(situation)
  const plan = identified(step, barred ? { ...body, changes: [] } : body)
  return {
    id: step.id,
    number: stepNumber(step.id),
    title: step.title,
    verdict:
      facts.coverage === null ? verdictOf(check, verify, plan) : withoutProofs(verdictOf(check, verify, plan), check),
    findings: [...verify, ...check],
    plan,
    planAsScript: planScript(plan),
    undoable: mine.length,
    paper: step.paper,
    hostText: step.hostText?.(situation) ?? null,
  }
}

function gates(step: Step, done: ReadonlyMap<StepId, StepView>, { taken }: Situation): Finding[] {
  return step.gates.flatMap((gate) => {
    const earlier = done.get(gate.step)
    if (earlier === undefined) return []
    // What is reserved for other VMs does not keep this one.
    return [gateFinding(gate, gate.step === 'verify' ? aboutUnits(earlier, taken) : earlier)]
  })
}

/** What step 6 says of these units alone. */
function aboutUnits(view: StepView, units: readonly UnitView[]): Pick<StepView, 'id' | 'verdict' | 'findings'> {
  if (units.length === 0) return view
  const findings = view.findings.filter(({ about }) => about === null || units.some(({ address }) => address === about))
  return { id: view.id, verdict: verdictOf([], findings, NO_CHANGES), findings }
}

/**
 * Removes open proofs where the facts are a pasted text: nothing is planned for it, so these are work for the host
 * itself.
 */
function withoutProofs(verdict: Verdict, check: readonly Finding[]): Verdict {
  const barred = check.some((finding) => finding.status === 'fail')
  return verdict.status === 'blocked' && !barred ? { ...verdict, status: 'needs-work' } : verdict
}

/** Returns a finding for a change that was begun and never finished: the helper was killed, or the power failed. */
function interrupted(entries: readonly JournalEntry[]): Finding[] {
  const open = entries.filter((entry) => entry.after === null)
  const first = open[0]
  if (first === undefined) return []
  const text = `This step was interrupted in the middle: "${changeText(first.change)}" was begun and not finished.`
  return [
    fail(
      'interrupted',
      text,
      [citeFile(JOURNAL_FILE, `${first.at} ${first.tx}`)],
      fixInStep(first.step, 'Undo this step, then apply it again.'),
    ),
  ]
}

/** Returns a finding while a new network is in force that is not confirmed yet, and is about to be undone. */
function unconfirmedFinding(entries: readonly JournalEntry[], facts: Facts): Finding[] {
  const guard = unconfirmedNetwork(entries)
  if (guard === null) return []
  const until = facts.network.guard?.until ?? null
  const text =
    until === null
      ? 'The new network was never kept, and nothing brings the old one back by itself any more.'
      : 'The new network is not kept yet; the old one comes back by itself unless you keep it.'
  return [
    warn(
      'network-unkept',
      text,
      [citeFile(JOURNAL_FILE, `${guard.tx}, until ${until ?? 'undo'}`)],
      fixInStep('network', 'Keep it, or undo this step.'),
    ),
  ]
}

/**
 * Gives a plan its id: the same plan for the same host has the same one, so that a plan that was shown can be told from
 * a changed one.
 */
function identified(step: Step, body: PlanBody): Plan {
  const digest = sha256(JSON.stringify([step.id, body]))
  return { id: `${step.id}-${digest.slice(0, 12)}`, step: step.id, ...body }
}
