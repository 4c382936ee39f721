import { otherScreens } from '#core/units/units.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { blocksUnbind, holderNames, LOGIN_SCREEN, serviceOf } from '#shared/facts/holder-words.ts'
import { wayTo } from '#shared/facts/identity.ts'
import { type Device, isGpu } from '#shared/facts/pci.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { passedFunctions, type TakenUnit } from '#shared/units/unit-view.ts'
import type { AtStart, ExpectedFunction } from '#shared/vm/options/at-start.ts'
import type { OptionContext } from '../topic.ts'

/** Returns the VM's units that the host has until its start takes them. */
export function unitsAtStart(taken: readonly TakenUnit[]): TakenUnit[] {
  return taken.filter(({ when }) => when === 'vm')
}

/** Returns what the VM's start takes from the host's drivers; undefined: nothing, and vm.json says nothing of it. */
export function takenAtStart({ facts, choices, taken }: OptionContext): AtStart | undefined {
  const functions = unitsAtStart(taken).flatMap(passedFunctions)
  if (functions.length === 0) return undefined
  // Consumers (audio, USB) first, GPUs last: the kernel links them as consumer and supplier.
  const ordered = [...functions.filter((device) => !isGpu(device)), ...functions.filter(isGpu)]
  const { stopAtStart: stop, comeBackMinutes: minutes } = choices.definition
  return { functions: ordered.map((device) => named(device, facts)), stop, minutes }
}

/** Returns what its start only looks at: it is kept from the host already. */
export function heldAlready({ facts, taken }: OptionContext): ExpectedFunction[] {
  const others = taken.filter(({ when }) => when !== 'vm')
  return others.flatMap(passedFunctions).map((device) => named(device, facts))
}

function named(device: Device, { devices }: Facts): ExpectedFunction {
  const { address, vendorId, deviceId } = device
  return { address, vendorId, deviceId, way: wayTo(device, devices) }
}

/** Says what is taken at the start, and which services could be stopped for it: by who uses it now, and those chosen. */
export function atStartView({ facts, choices, taken }: OptionContext): DefinitionView['atStart'] {
  const units = unitsAtStart(taken)
  if (units.length === 0) return null
  const onlyScreen = isOnlyScreen(facts, units)
  const users = usersOf(facts, units)
  // A program that is not known may be one of a graphical session.
  const known = [...users.map((user) => serviceOf(user) ?? LOGIN_SCREEN), ...(onlyScreen ? [LOGIN_SCREEN] : [])]
  const services = [...new Set([...known, ...choices.definition.stopAtStart])].sort()
  return {
    title: units.map(({ name }) => name).join(' and '),
    services: services.map((id) => ({ id, text: endsWith(id, users) })),
    onlyScreen,
  }
}

function endsWith(id: string, users: ReturnType<typeof usersOf>): string {
  const ended = users.filter((user) => serviceOf(user) === id)
  const what = ended.length === 0 ? '' : `It ends ${holderNames(ended)}. `
  return `${what}${id === LOGIN_SCREEN ? 'All graphical sessions end with it: unsaved work is lost.' : 'It starts again afterwards.'}`
}

/** Returns who uses a node of these units, as far as could be looked. */
export function usersOf({ holders }: Facts, units: readonly TakenUnit[]): Facts['holders']['list'] {
  const addresses = units.flatMap((unit) => unit.functions.map(({ address }) => address))
  return holders.list.filter((holder) => addresses.includes(holder.address) && blocksUnbind(holder))
}

/** Returns whether the host's picture goes with these units. */
export function isOnlyScreen(facts: Facts, units: readonly TakenUnit[]): boolean {
  const shows = units.flatMap(passedFunctions).some((device) => {
    return device.bootVga === true || device.connectors.some(({ connected }) => connected)
  })
  return shows && otherScreens(facts, units).length === 0
}
