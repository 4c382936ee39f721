import type { Facts } from '#shared/facts/facts.ts'
import { identityOf, idsOf } from '#shared/facts/identity.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import type { ReservedView, UnitView } from '#shared/units/unit-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { withCompanions } from './units.ts'

/** What was reserved and is not where it was. */
export interface LostUnit {
  address: string
  identity: string | null
  /** What is at its address now; null: nothing. */
  now: Device | null
  /** Addresses at which the same function is by now, found by its way through the ports. */
  movedTo: string[]
  /** Addresses of functions with the same ids. */
  alike: string[]
}

export interface Reservation {
  reserved: readonly ReservedView[]
  lost: readonly LostUnit[]
}

/**
 * Returns what the host does without: the units that were chosen, else its only card that is not ruled out. `units`:
 * all of this host.
 */
export function reservationOf(
  facts: Facts,
  { cards: { units: chosen } }: Choices,
  units: readonly UnitView[],
): Reservation {
  if (chosen === null) {
    const possible = units.filter(({ kind, verdict }) => kind === 'card' && verdict.status !== 'blocked')
    return { reserved: possible.length === 1 ? possible.map((card) => ({ ...card, when: 'boot' })) : [], lost: [] }
  }
  const found = chosen.map((one) => ({ one, unit: hasMoved(facts, one) ? null : unitWith(units, one.address) }))
  const reserved = found.flatMap(({ one, unit }) =>
    unit === null ? [] : [{ ...withCompanions(facts, unit, one.companions), when: one.when }],
  )
  const lost = found.flatMap(({ one, unit }) => (unit === null ? [lostUnit(facts, one)] : []))
  return { reserved: distinct(reserved), lost }
}

/** Each unit once, and what goes along with one is none of its own. */
function distinct(reserved: readonly ReservedView[]): ReservedView[] {
  return reserved.filter(
    (unit, index) =>
      !reserved.some((other, place) => {
        const includes = other.functions.some(({ address }) => address === unit.address)
        return place !== index && includes && (other.functions.length > unit.functions.length || place < index)
      }),
  )
}

/** Returns the unit a function belongs to; null: there is none, or it is a bridge. */
export function unitWith<T extends UnitView>(units: readonly T[], address: string): T | null {
  return units.find(({ functions }) => functions.some((device) => device.address === address)) ?? null
}

/** Returns whether the address holds something else than when it was chosen. */
export function hasMoved(
  { devices }: Facts,
  { address, identity }: Pick<ReservedUnit, 'address' | 'identity'>,
): boolean {
  const now = devices.find((device) => device.address === address)
  return identity !== null && now !== undefined && identityOf(now, devices) !== identity
}

function lostUnit({ devices }: Facts, { address, identity }: ReservedUnit): LostUnit {
  const ids = identity?.split(' ').slice(0, 2).join(' ')
  const alike = devices.filter((device) => device.address !== address && idsOf(device) === ids)
  const moved = alike.filter((device) => identityOf(device, devices) === identity)
  return {
    ...{ address, identity },
    now: devices.find((device) => device.address === address) ?? null,
    movedTo: moved.map((device) => device.address),
    alike: alike.map((device) => device.address),
  }
}
