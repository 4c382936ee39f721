import type { OrUnknown } from '#shared/base/unknown.ts'
import type { BootEntry, Facts } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { type ChosenLoader, defaultEntryOf, initramfsFor, loaderFor } from './boot/adapters.ts'
import type { Initramfs } from './boot/initramfs/initramfs.ts'
import { defineVm } from './definition/definition.ts'
import { type WrittenVms, writtenVms } from './definition/written.ts'
import { cardsOf, chosenCard } from './units/units.ts'

/**
 * A host and what its admin wants of it, with everything that several steps and panels derive from both. Made once for
 * each look and each choice, and passed on: nothing is derived twice.
 */
export interface Situation {
  facts: Facts
  choices: Choices
  /** Every card of this host, judged. */
  cards: readonly UnitView[]
  /** The card that goes to the VM; null: a person has to decide, or there is none. */
  card: UnitView | null
  /** The boot loader in charge; null: none, or several fit. */
  loader: ChosenLoader | null
  defaultEntry: OrUnknown<BootEntry>
  initramfs: Initramfs | null
  /** VMs as step 8 wrote them on this host, by name. */
  written: WrittenVms
  /** The VM the choices lead to; null while a card, a user or QEMU is missing. */
  definition: VmDefinition | null
}

/** Derives a situation. Pure; `written` is given where it is known already. */
export function situationOf(facts: Facts, choices: Choices, written: WrittenVms = writtenVms(facts)): Situation {
  const cards = cardsOf(facts)
  const card = chosenCard(facts, choices, cards)
  const loader = loaderFor(facts, choices)
  return {
    ...{ facts, choices, cards, card, loader, written },
    defaultEntry: defaultEntryOf(facts, loader),
    initramfs: initramfsFor(facts, choices),
    definition: defineVm(facts, choices, card, written.get(choices.definition.name) ?? null),
  }
}
