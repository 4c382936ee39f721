import type { Snapshot } from '#shared/ipc/snapshot.ts'
import type { ReservedUnit, When } from '#shared/units/reserved-unit.ts'
import type { Choices } from '#shared/wizard/choices.ts'

type Known = Pick<Snapshot, 'choices' | 'reserved'>

/** Returns what is reserved as a list to be edited; what was decided from evidence counts as chosen from then on. */
export function reservedUnits({ choices, reserved }: Known): ReservedUnit[] {
  const decided = () => reserved.map(({ address, when }) => ({ address, identity: null, companions: [], when }))
  return choices.cards.units ?? decided()
}

/** Returns the choices with one unit reserved, or not any more. `functions`: all of the unit, any of which may stand for it. */
export function toggled(known: Known, address: string, functions: readonly string[], on: boolean): Choices {
  const others = reservedUnits(known).filter((unit) => !functions.includes(unit.address))
  const fresh: ReservedUnit = { address, identity: null, companions: [], when: 'boot' }
  return withUnits(known, on ? [...others, fresh] : others)
}

/** Returns the choices with how one unit is reserved. */
export function withWhen(known: Known, functions: readonly string[], when: When): Choices {
  return edited(known, functions, (unit) => ({ ...unit, when }))
}

/** Returns the choices with an endpoint of the same IOMMU groups going along with a unit, or not any more. */
export function withCompanion(known: Known, functions: readonly string[], mate: string, along: boolean): Choices {
  return edited(known, functions, (unit) => {
    const others = unit.companions.filter((other) => other !== mate)
    return { ...unit, companions: along ? [...others, mate] : others }
  })
}

type Lost = Snapshot['lost'][number]

/** Returns the choices without a unit that is not at its address any more. */
export function withoutLost(known: Known, { address, identity }: Lost): Choices {
  const others = reservedUnits(known).filter((unit) => unit.address !== address || unit.identity !== identity)
  return withUnits(known, others)
}

/** Returns the choices with every unit that moved reserved where it is now, and taken from there by the VM that is shown. */
export function followLost(known: Known, lost: readonly Lost[]): Choices {
  // All at once: one may be by now where another was.
  const units = reservedUnits(known).map((unit) => {
    const moved = lost.find(({ address, identity }) => address === unit.address && identity === unit.identity)
    return moved?.movedTo == null ? unit : { ...unit, address: moved.movedTo, companions: [] }
  })
  const follow = (one: string) => lost.find(({ address }) => address === one)?.movedTo ?? one
  const moved = withUnits(known, units)
  const { cards, extraDevices } = moved.definition
  const definition = { ...moved.definition, cards: cards?.map(follow) ?? null, extraDevices: extraDevices.map(follow) }
  return { ...moved, definition }
}

function edited(known: Known, functions: readonly string[], edit: (unit: ReservedUnit) => ReservedUnit): Choices {
  return withUnits(
    known,
    reservedUnits(known).map((unit) => (functions.includes(unit.address) ? edit(unit) : unit)),
  )
}

function withUnits({ choices }: Known, units: ReservedUnit[]): Choices {
  return { ...choices, cards: { ...choices.cards, units } }
}
