import type { Facts } from '#shared/facts/facts.ts'
import { choosing, type Chosen } from '#shared/wizard/choices.fixture.ts'
import { type Situation, situationOf } from './situation.ts'

/** Returns the situation of these facts with what a test chooses; without it, nothing is chosen. */
export function situation(facts: Facts, chosen: Chosen = {}): Situation {
  return situationOf(facts, choosing(chosen))
}
