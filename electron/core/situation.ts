import type { OrUnknown } from '#shared/base/unknown.ts'
import type { ImageLook } from '#shared/facts/boot/boot-image.ts'
import type { BootEntry } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Leftover } from '#shared/ipc/leftover.ts'
import type { NamedFunction } from '#shared/units/named-function.ts'
import type { ReservedView, TakenUnit, UnitView } from '#shared/units/unit-view.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { type ChosenLoader, defaultEntryOf, initramfsFor, loaderFor } from './boot/adapters.ts'
import type { Initramfs } from './boot/initramfs/initramfs.ts'
import { leftoversOf } from './boot/leftovers/leftovers.ts'
import { type RuleInImage, ruleInImage } from './boot/rule-in-image.ts'
import { defineVm } from './definition/definition.ts'
import { type WrittenVms, writtenVms } from './definition/written.ts'
import { type LostUnit, reservationOf } from './units/reservation.ts'
import { cardsOf, unitsOf } from './units/units.ts'
import { unitsOfVm } from './units/vm-units.ts'

/**
 * A host and what its admin wants of it, with everything that several steps and panels derive from both. Made once for
 * each look and each choice, and passed on: nothing is derived twice.
 */
export interface Situation {
  facts: Facts
  choices: Choices
  /** Every unit of this host, judged, its cards before the others. */
  units: readonly UnitView[]
  cards: readonly UnitView[]
  /** Units that the host does without. */
  reserved: readonly ReservedView[]
  /** What was reserved and is not where it was. */
  lost: readonly LostUnit[]
  /** Functions that this program has bound, by its journal. */
  ours: readonly NamedFunction[]
  /** Units that the selected VM takes. */
  taken: readonly TakenUnit[]
  /** Addresses it was to take that are in no unit it may have. */
  missing: readonly string[]
  /** The first of `taken`, as a rule a graphics card; null: a person has to decide, or there is none. */
  card: UnitView | null
  /** The boot loader in charge; null: none, or several fit. */
  loader: ChosenLoader | null
  defaultEntry: OrUnknown<BootEntry>
  initramfs: Initramfs | null
  /** Whether what boots next holds the rule of step 5; null: none is written. */
  ruleInImage: RuleInImage | null
  /** What earlier guides may have had somebody leave here, judged by what is reserved. */
  leftovers: readonly Leftover[]
  /** VMs as step 8 wrote them on this host, by name. */
  written: WrittenVms
  /** VMs that are up, as they were started: step 8 may have written others since. One that cannot be read is not there. */
  running: WrittenVms
  /** The VM the choices lead to; null while a card, a user or QEMU is missing. */
  definition: VmDefinition | null
}

/** What is known of a host beside its facts. */
export interface Known {
  written: WrittenVms
  running: WrittenVms
  ours: readonly NamedFunction[]
  looks: readonly ImageLook[]
}

/** Derives a situation. Pure; what is known already is given. */
export function situationOf(facts: Facts, choices: Choices, known: Partial<Known> = {}): Situation {
  const { written = writtenVms(facts), running = new Map<string, VmDefinition>(), ours = [], looks = [] } = known
  const cards = cardsOf(facts)
  const units = unitsOf(facts, cards)
  const { reserved, lost } = reservationOf(facts, choices, units)
  const { units: taken, missing } = unitsOfVm(choices.definition, { reserved, all: units, written, ours })
  const loader = loaderFor(facts, choices)
  const defaultEntry = defaultEntryOf(facts, loader)
  return {
    ...{ facts, choices, units, cards, reserved, lost, ours, taken, missing, loader, written, running },
    card: taken[0] ?? null,
    defaultEntry,
    leftovers: leftoversOf({ facts, defaultEntry, reserved }),
    initramfs: initramfsFor(facts, choices),
    ruleInImage: ruleInImage(facts, looks),
    definition: defineVm(facts, choices, taken, written.get(choices.definition.name) ?? null),
  }
}
