import type { Device } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { isNamed, type NamedFunction } from '#shared/units/named-function.ts'
import { passedFunctions, type ReservedView, type TakenUnit, type UnitView } from '#shared/units/unit-view.ts'
import { givenTo, type VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { unitWith } from './reservation.ts'

/** What a VM takes of this host. */
export interface VmUnits {
  /** Its first card leads. */
  units: readonly TakenUnit[]
  /** Addresses it was to have that are in no unit it may take. */
  missing: readonly string[]
}

interface Offered {
  reserved: readonly ReservedView[]
  /** Every unit of this host. */
  all: readonly UnitView[]
  /** VMs as they were written, by name. */
  written: ReadonlyMap<string, VmDefinition>
  /** What this program keeps from the host, reserved or not any more. */
  ours: readonly NamedFunction[]
}

/**
 * Returns the units that the choices for a VM name; of its card nothing may have been chosen, then it is the one it was
 * written with, else the first that no other VM was written with.
 */
export function unitsOfVm({ name, cards, extraDevices }: Choices['definition'], offered: Offered): VmUnits {
  const wanted = [...(cards ?? decidedCard(name, offered)), ...extraDevices]
  const found = wanted.map((address) => ({ address, unit: offeredUnit(address, offered) }))
  const units = found.flatMap(({ unit }) => unit ?? [])
  return {
    units: [...new Map(units.map((unit) => [unit.address, unit])).values()],
    missing: found.flatMap(({ address, unit }) => (unit === null ? [address] : [])),
  }
}

/** A reserved unit; or one that somebody else has given to VFIO, by whatever means. */
function offeredUnit(address: string, { reserved, all, ours }: Offered): TakenUnit | null {
  const own = unitWith(reserved, address)
  if (own !== null) return own
  const other = unitWith(all, address)
  const foreign = (device: Device) => heldByVfio(device) && !ours.some((named) => isNamed(device, named))
  return other !== null && passedFunctions(other).every(foreign) ? other : null
}

function decidedCard(name: string, { reserved, written }: Offered): string[] {
  const graphics = reserved.filter(({ kind }) => kind === 'card')
  const [first] = written.get(name)?.functions ?? []
  const own = first === undefined ? null : unitWith(reserved, first)
  if (own !== null) return [own.address]
  const others = [...written].filter(([other]) => other !== name).flatMap(([, vm]) => givenTo(vm))
  const free = graphics.find((unit) => !unit.functions.some((device) => others.includes(device.address)))
  const card = free ?? graphics[0]
  return card === undefined ? [] : [card.address]
}
