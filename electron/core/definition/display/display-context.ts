import type { Facts } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { DisplayView } from '#shared/wizard/display.ts'

/** What a way to see the guest is judged by. */
export interface DisplayContext {
  facts: Facts
  choices: Choices
  card: UnitView
  definition: VmDefinition
}

/** Connectors as they are now, or as they were when a driver of the host last had the card. */
export function connectorsOf(
  facts: Facts,
  card: UnitView,
): Pick<DisplayView, 'connectors'> & { seenAt: string | null } {
  const now = card.functions.flatMap((device) => device.connectors)
  const then = facts.proofs.connectors.find(({ address }) => address === card.address)
  if (now.length > 0 || then === undefined) return { connectors: now, seenAt: null }
  return { connectors: then.list, seenAt: then.at }
}
