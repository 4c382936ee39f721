import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, IommuGroup } from '#shared/facts/facts.ts'
import { type Device, isBridge, isGpu, shortAddress, slotOf } from '#shared/facts/pci.ts'
import { blocksGroup } from '#shared/units/drivers.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import {
  type Check,
  deviceAt,
  eachSubject,
  inWords,
  named,
  no,
  notHere,
  type Seen,
  type Shown,
  subjects,
  unchecked,
  yes,
} from './seen.ts'

/** Returns what keeps a group from being handed over, by the rule that steps and helper follow. */
function blockers(facts: Facts, group: IommuGroup, own: string | null): Device[] {
  return group.devices
    .map((address) => deviceAt(facts, address))
    .filter((device): device is Device => device !== undefined)
    .filter((device) => device.address !== own && blocksGroup(device.driver))
}

function groupsFor(facts: Facts, seen: Seen): IommuGroup[] {
  const ids = new Set(subjects(facts, seen).map((device) => device.iommuGroup))
  if (seen.address === null && seen.group !== null) ids.add(seen.group)
  return facts.iommu.groups.filter((group) => ids.has(group.id))
}

/** "Group 7 also holds 07:00.0, a SATA controller on ahci." */
export const group: Check = (facts, seen) => judgeGroups(facts, seen, () => true)

/** The same, where everything in the way is another function of the card's own slot. */
export const companions: Check = (facts, seen) =>
  judgeGroups(facts, seen, (blocker, all) =>
    all.some((device) => heldByVfio(device) && slotOf(device.address) === slotOf(blocker.address)),
  )

type Wanted = (blocker: Device, members: readonly Device[]) => boolean

function judgeGroups(facts: Facts, seen: Seen, wanted: Wanted): Shown {
  const groups = groupsFor(facts, seen)
  if (groups.length === 0) {
    if (seen.address !== null && deviceAt(facts, seen.address) === undefined) return notHere(seen.address)
    const which = seen.group === null ? 'no IOMMU group of a display controller' : `no IOMMU group ${seen.group}`
    return no(`This host has ${which}.`)
  }
  const shown = groups.map((one): Shown => {
    const members = facts.devices.filter((device) => device.iommuGroup === one.id)
    const inTheWay = blockers(facts, one, seen.address)
    if (inTheWay.length === 0) return no(`Nothing in group ${one.id} is in the way now.`)
    const text = `Group ${one.id} also holds ${inTheWay.map(inWords).join('; ')}.`
    return inTheWay.every((device) => wanted(device, members)) ? yes(text) : no(text)
  })
  return shown.find(({ state }) => state === 'yes') ?? shown[0] ?? unchecked('No group could be looked at.')
}

/** Who owns the group's node, or that there is none. */
export const groupNode: Check = (facts, seen) => {
  const ids = seen.group === null ? groupsFor(facts, seen).map(({ id }) => id) : [seen.group]
  const [first] = ids
  if (first === undefined) return unchecked('The message names no group, and no display controller here has one.')
  const nodes = facts.vfioNodes.filter((node) => ids.includes(node.group))
  if (nodes.length === 0) {
    const bound = facts.devices.filter((device) => device.iommuGroup === first && heldByVfio(device))
    const why =
      bound.length === 0 ? 'no device of that group is bound to vfio-pci' : 'although vfio-pci holds the device'
    return yes(`/dev/vfio/${first} does not exist here: ${why}.`)
  }
  return yes(nodes.map(({ group: id, uid }) => `/dev/vfio/${id} belongs to ${userName(facts, uid)}.`).join(' '))
}

function userName(facts: Facts, uid: number): string {
  if (uid === 0) return 'root'
  return facts.users.find((user) => user.uid === uid)?.name ?? `user id ${uid}`
}

/** What holds the device now. */
export const driver: Check = (facts, seen) =>
  eachSubject(facts, seen, (device) => {
    const group = device.iommuGroup === null ? 'in no IOMMU group' : `in group ${device.iommuGroup}`
    const text = `${named(device)} is ${group}, ${device.driver === null ? 'without a driver' : `on ${device.driver}`}.`
    return heldByVfio(device) ? no(text) : yes(text)
  })

/** Why vfio-pci would take a device or not, as far as this host shows it. */
export const refused: Check = (facts, seen) =>
  eachSubject(facts, seen, (device) => {
    if (isBridge(device)) return no(`${inWords(device)}: vfio-pci takes no bridge.`)
    if (device.iommuGroup === null) return yes(`${named(device)} is in no IOMMU group.`)
    return no(`${named(device)} is in IOMMU group ${device.iommuGroup} now.`)
  })

/** What holds the device now, where vfio-pci is what the message expects. */
export const reservedCard: Check = (facts, seen) => {
  const shown = driver(facts, seen)
  if (shown.state === 'unchecked') return shown
  return { ...shown, state: shown.state === 'no' ? 'yes' : 'no' }
}

export const moved: Check = (facts, seen) => {
  const cards = facts.devices.filter(isGpu).map(named).join('; ')
  const here = cards === '' ? 'This host has no display controller.' : `Display controllers here: ${cards}.`
  if (seen.address === null) return unchecked(here)
  const device = deviceAt(facts, seen.address)
  if (device !== undefined) return no(`${named(device)} exists here.`)
  return yes(`Nothing is at ${shortAddress(seen.address)} on this host. ${here}`)
}

export const bridge: Check = (facts, seen) => {
  if (seen.address === null) return unchecked('The message names no address.')
  return eachSubject(facts, seen, (device) =>
    isBridge(device) ? yes(`${inWords(device)}: it stays where it is.`) : no(`${inWords(device)}, so no bridge.`),
  )
}

/** Processes that keep a card from being given up. */
export const holders: Check = ({ holders: { complete, list } }, seen) => {
  const mine = list.filter(({ address }) => seen.address === null || address === seen.address)
  if (mine.length > 0) {
    const words = [...new Set(mine.map(({ name, pid, address }) => `${name} (${pid}) on ${shortAddress(address)}`))]
    return yes(`In use here by ${words.join(', ')}.`)
  }
  return complete
    ? no('No process holds a card here now.')
    : unchecked('Not every process may be looked into here; none was seen to hold a card.')
}

/** Whether a card shares its vendor and device id with another one. */
export const identical: Check = ({ devices }) => {
  const cards = devices.filter(isGpu)
  const twin = cards.find((card) => cards.some((other) => other !== card && sameIds(card, other)))
  if (twin === undefined) return no('No two display controllers here have the same ids.')
  const all = cards.filter((card) => sameIds(card, twin)).map(({ address }) => shortAddress(address))
  return yes(`${all.join(' and ')} are both ${twin.vendorId}:${twin.deviceId}.`)
}

function sameIds(one: Device, other: Device): boolean {
  return one.vendorId === other.vendorId && one.deviceId === other.deviceId
}

export const reset: Check = (facts, seen) =>
  eachSubject(facts, seen, (device) => {
    const power = device.powerState === null ? '' : `, power state ${device.powerState}`
    const { resetMethods } = device
    if (isUnknown(resetMethods)) return unchecked(`How ${named(device)} can be reset could not be read${power}.`)
    if (resetMethods === null || resetMethods.length === 0)
      return yes(`${named(device)} offers no way to reset it${power}.`)
    return unchecked(`${named(device)} can be reset by ${resetMethods.join(', ')}${power}.`)
  })

/** A device that fell off the bus answers every read with ones. */
export const alive: Check = (facts, seen) =>
  eachSubject(facts, seen, (device) => {
    const power = device.powerState ?? 'not shown'
    if (device.vendorId === 'ffff') return yes(`${shortAddress(device.address)} answers with all ones here.`)
    return /^D3cold$/u.test(power)
      ? yes(`${named(device)} is in ${power}.`)
      : no(`${named(device)} is there now; its power state is ${power}.`)
  })

/** Chips with a history, told by maker: the rule says which. */
export const cards: Check = ({ devices }) => {
  const all = devices.filter(isGpu)
  if (all.length === 0) return unchecked('This host has no display controller to look at.')
  const words = all.map(
    (card) =>
      `${named(card)} (${card.vendorId}:${card.deviceId}) ${card.driver === null ? 'without a driver' : `on ${card.driver}`}`,
  )
  return unchecked(`Here: ${words.join('; ')}. What happened to it before cannot be seen now.`)
}
