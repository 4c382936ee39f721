import { situation } from '#core/situation.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Chosen } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { evaluateSteps } from './evaluate-steps.ts'

/** Evaluates every step over these facts and choices, with an empty journal. */
export function stepViews(facts: Facts, chosen: Chosen = {}): StepView[] {
  return evaluateSteps(situation(facts, chosen), [])
}

/** Evaluates the steps and picks one of them. */
export function stepView(facts: Facts, id: StepId, chosen: Chosen = {}): StepView {
  const view = stepViews(facts, chosen).find((candidate) => candidate.id === id)
  if (view === undefined) throw new RangeError(id)
  return view
}
