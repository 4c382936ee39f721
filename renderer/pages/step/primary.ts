import { capital } from '#shared/base/text.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { CHANGE_LABELS } from '#shared/plan/change.ts'
import { STEP_IDS, type StepId } from '#shared/wizard/step-id.ts'

/**
 * Returns the primary button's label, which says what it does and to how many things; "Continue" only where nothing
 * changes.
 */
export function primaryLabel(step: StepView): string {
  const changes = step.plan.changes.map((planned) => planned.change)
  if (changes.length === 0) return 'Continue'
  const parts = CHANGE_LABELS.flatMap(({ kind, label }) => {
    const count = changes.filter((change) => change.kind === kind).length
    return count === 0 ? [] : [label(count)]
  })
  const sentence = parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
  return capital(sentence)
}

/**
 * Returns the earliest other step that fixes what fails here, where this one has nothing to change; null: none does.
 */
export function fixStep({ id, findings, plan }: StepView): StepId | null {
  if (plan.changes.length > 0) return null
  const steps = findings.flatMap(({ status, fix }) => (status === 'fail' && fix?.step != null ? [fix.step] : []))
  return STEP_IDS.find((step) => step !== id && steps.includes(step)) ?? null
}
