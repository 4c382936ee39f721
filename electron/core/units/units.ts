import type { Facts, IommuGroup } from '#shared/facts/facts.ts'
import { type Device, deviceName, isBridge, isGpu } from '#shared/facts/pci.ts'
import { blocksGroup, heldByVfio } from '#shared/units/drivers.ts'
import { leadGpus, otherUnits, unitOf } from '#shared/units/unit.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { judge } from './judge.ts'

/** Returns every card of this host that could be handed over, each with a verdict in words. */
export function cardsOf(facts: Facts): UnitView[] {
  const index = indexOf(facts)
  return leadGpus(facts.devices).map((gpu) => view(index, gpu, unitOf(gpu, facts.devices), []))
}

/** Returns every unit of this host: its cards, and all else that can go by itself. Bridges are in none, no function in two. */
export function unitsOf(facts: Facts, cards: readonly UnitView[]): UnitView[] {
  const index = indexOf(facts)
  const onCards = new Set(cards.flatMap((card) => card.functions.map((device) => device.address)))
  const others = otherUnits(facts.devices.filter((device) => !onCards.has(device.address)))
  return [...cards, ...others.flatMap((unit) => (unit[0] === undefined ? [] : [view(index, unit[0], unit, [])]))]
}

/** Returns a unit with endpoints of its groups that the admin lets go along. */
export function withCompanions(facts: Facts, unit: UnitView, companions: readonly string[]): UnitView {
  const [lead] = unit.functions
  if (companions.length === 0 || lead === undefined) return unit
  return view(indexOf(facts), lead, unit.functions, companions)
}

/** Connected screens of what stays with the host when these units go. */
export function otherScreens(facts: Facts, units: readonly UnitView[]): string[] {
  const mine = units.flatMap(({ functions }) => functions.map((device) => device.address))
  const theirs = facts.devices.filter((device) => !mine.includes(device.address) && !heldByVfio(device))
  const connected = theirs.flatMap((device) => device.connectors).filter((connector) => connector.connected)
  return connected.map((connector) => connector.name)
}

/** Devices by what is looked up for each unit, so that 2,000 of them are not gone through 2,000 times. */
interface Index {
  facts: Facts
  devices: ReadonlyMap<string, Device>
  groups: ReadonlyMap<number, IommuGroup>
}

function indexOf(facts: Facts): Index {
  return {
    facts,
    devices: new Map(facts.devices.map((device) => [device.address, device])),
    groups: new Map(facts.iommu.groups.map((group) => [group.id, group])),
  }
}

/** `companions`: endpoints of the same groups that the admin lets go along. */
function view(index: Index, lead: Device, unit: readonly Device[], companions: readonly string[]): UnitView {
  const members = groupsOf(index, unit).flatMap((group) => group.devices.flatMap((at) => index.devices.get(at) ?? []))
  const others = members.filter((member) => !unit.includes(member))
  const along = others.filter((member) => !isBridge(member) && companions.includes(member.address))
  const foreign = others.filter((member) => !along.includes(member) && staysInTheWay(member))
  const functions = [...unit, ...along]
  const groups = groupsOf(index, functions)
  return {
    kind: isGpu(lead) ? 'card' : 'device',
    address: lead.address,
    name: deviceName(lead),
    functions,
    iommuGroup: lead.iommuGroup,
    groups: groups.map((group) => group.id),
    groupMembers: members.map((member) => member.address),
    bridges: others.filter((member) => isBridge(member) && !foreign.includes(member)).map((member) => member.address),
    foreignEndpoints: foreign.map((member) => member.address),
    identicalTo: isGpu(lead) ? twins(index, lead, unit) : [],
    verdict: judge({ lead, functions, foreign, groups }, index.facts),
  }
}

/**
 * Returns whether an endpoint blocks the group. A bridge does not, unless its driver keeps the group (an ISA bridge on
 * lpc_ich).
 */
function staysInTheWay(member: Device): boolean {
  return !isBridge(member) || blocksGroup(member.driver)
}

function groupsOf({ groups }: Index, devices: readonly Device[]): IommuGroup[] {
  const ids = [...new Set(devices.map((device) => device.iommuGroup))].filter((id) => id !== null)
  return ids.flatMap((id) => groups.get(id) ?? []).sort((one, other) => one.id - other.id)
}

function twins({ facts }: Index, lead: Device, unit: readonly Device[]): string[] {
  const same = (other: Device) => other.vendorId === lead.vendorId && other.deviceId === lead.deviceId
  return facts.devices
    .filter((other) => !unit.includes(other) && isGpu(other) && same(other))
    .map(({ address }) => address)
}
