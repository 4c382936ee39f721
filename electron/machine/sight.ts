import type { Choices } from '../../shared/choices.ts'
import type { Facts } from '../../shared/facts.ts'
import type { DisplayView } from '../../shared/seeing.ts'
import type { VmDefinition } from '../../shared/vm.ts'
import type { GpuView } from '../../shared/wizard.ts'

/** What a way to see the guest is judged by. */
export interface Sight {
  facts: Facts
  choices: Choices
  card: GpuView
  definition: VmDefinition
}

/** Connectors as they are now, or as they were when a driver of the host last had the card. */
export function connectorsOf(facts: Facts, card: GpuView): Pick<DisplayView, 'connectors'> & { seenAt: string | null } {
  const now = card.functions.flatMap((device) => device.connectors)
  const then = facts.proofs.connectors
  if (now.length > 0 || then?.address !== card.address) return { connectors: now, seenAt: null }
  return { connectors: then.list, seenAt: then.at }
}
