import { isDeepStrictEqual } from 'node:util'
import { identityOf } from '#shared/facts/identity.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { SavedVm } from '#shared/wizard/saved-vm.ts'
import type { Engine } from '../engine.ts'
import type { SavedState } from '../session/saved-state.ts'

/** The card of a VM under its former name would be taken by another VM under the new one. */
export function withCard({ state: { situation } }: Engine, choices: Choices): Choices {
  const { definition } = choices
  if (definition.cards !== null || situation === null) return choices
  const cards = situation.taken.map(({ address }) => address).filter((one) => !definition.extraDevices.includes(one))
  return cards.length === 0 ? choices : { ...choices, definition: { ...definition, cards } }
}

/** Another VM's choices, with what is reserved at another address by now. */
export function followed(before: Choices, after: Choices, vm: SavedVm): SavedVm {
  const now = (one: string): string => {
    const was = before.cards.units?.find(({ address }) => address === one)
    if (was === undefined || was.identity === null) return one
    return after.cards.units?.find(({ identity }) => identity === was.identity)?.address ?? one
  }
  const { cards, extraDevices } = vm.definition
  return {
    ...vm,
    definition: { ...vm.definition, cards: cards?.map(now) ?? null, extraDevices: extraDevices.map(now) },
  }
}

/**
 * What is chosen of the host's units. Where nothing was chosen here and the front end hands back what it was shown,
 * nothing is chosen still: what others reserve later is seen here too.
 */
export function cardsChosen(
  engine: Engine,
  { choices: { cards: saved } }: SavedState,
  { cards }: Choices,
): Choices['cards'] {
  const shown = engine.state.situation?.choices.cards
  const untouched = saved.units === null && isDeepStrictEqual(cards.units, shown?.units)
  const units = cards.units === null || untouched ? null : identified(engine, cards.units)
  const same = isDeepStrictEqual(cards.virtualFunctions, shown?.virtualFunctions)
  return { units, virtualFunctions: same ? saved.virtualFunctions : identified(engine, cards.virtualFunctions) }
}

/** Adds the identity of what is newly chosen, so that it is remembered by what it is, not only by where it is. */
function identified<T extends { address: string; identity: string | null }>(engine: Engine, chosen: readonly T[]): T[] {
  const devices = engine.state.facts?.devices ?? []
  return chosen.map((one) => {
    const device = devices.find((candidate) => candidate.address === one.address)
    if (device === undefined || one.identity !== null) return one
    return { ...one, identity: identityOf(device, devices) }
  })
}
