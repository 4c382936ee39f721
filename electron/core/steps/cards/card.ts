import type { Facts } from '#shared/facts/facts.ts'
import { identityOf } from '#shared/facts/identity.ts'
import { type Device, deviceName, isBridge, isGpu } from '#shared/facts/pci.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'
import { leadGpus, unitOf } from '#shared/units/card-unit.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix } from '../step.ts'
import { cardVerdict } from './card-verdict.ts'

/** Every card of this host that could be handed over, each with a verdict in words. */
export function cardsOf(facts: Facts): GpuView[] {
  return leadGpus(facts.devices).map((gpu) => cardOf(facts, gpu, []))
}

/**
 * The card the admin chose, else the only one that is not ruled out; null when a person has to decide, also when
 * something else sits at the chosen address now.
 */
export function chosenCard(facts: Facts, choices: Choices): GpuView | null {
  const { address, companions = [] } = choices.cards
  if (address !== null) {
    const gpu = leadGpus(facts.devices).find((lead) =>
      unitOf(lead, facts.devices).some((one) => one.address === address),
    )
    return gpu === undefined || hasMoved(facts, choices) ? null : cardOf(facts, gpu, companions)
  }
  const possible = cardsOf(facts).filter((card) => card.verdict.status !== 'blocked')
  return possible.length === 1 ? (possible[0] ?? null) : null
}

/** Whether the chosen address holds something else than when it was chosen. */
export function hasMoved(facts: Facts, choices: Choices): boolean {
  const { address, identity } = choices.cards
  const now = facts.devices.find((device) => device.address === address)
  return identity !== undefined && now !== undefined && identityOf(now, facts.devices) !== identity
}

/** Connected screens of other cards that stay with the host. */
export function otherScreens(facts: Facts, card: GpuView): string[] {
  const mine = card.functions.map((device) => device.address)
  const theirs = facts.devices.filter((device) => !mine.includes(device.address) && device.driver !== 'vfio-pci')
  const connected = theirs.flatMap((device) => device.connectors).filter((connector) => connector.connected)
  return connected.map((connector) => connector.name)
}

/** Why there is no card to work with, and where to go. Called when `chosenCard` is null. */
export function noCard(facts: Facts, choices: Choices, code: string): Finding {
  const cards = cardsOf(facts)
  if (cards.length === 0)
    return fail(code, 'There is no GPU on this host to hand over.', [], manualFix('Step 4 lists what the kernel sees.'))
  if (hasMoved(facts, choices))
    return fail(
      code,
      'The chosen card is not at its address any more.',
      [],
      fixInStep('cards', 'Step 4 says where it went.'),
    )
  if (cards.every((card) => card.verdict.status === 'blocked'))
    return fail(code, 'No card of this host can be handed over.', [], manualFix('Step 4 says why.'))
  return fail(code, 'No card is chosen yet.', [], fixInStep('cards', 'Step 4 chooses the card.'))
}

/** `companions`: endpoints of the same groups that the admin lets go along. */
function cardOf(facts: Facts, gpu: Device, companions: readonly string[]): GpuView {
  const unit = unitOf(gpu, facts.devices)
  const groupsOf = (devices: readonly Device[]) => {
    const ids = new Set(devices.map((device) => device.iommuGroup))
    return facts.iommu.groups.filter((group) => ids.has(group.id))
  }
  const inGroups = groupsOf(unit).flatMap((group) => group.devices)
  const members = facts.devices.filter((device) => inGroups.includes(device.address))
  const others = members.filter((member) => !unit.includes(member))
  const along = others.filter((member) => !isBridge(member) && companions.includes(member.address))
  const foreign = others.filter((member) => !isBridge(member) && !along.includes(member))
  const functions = [...unit, ...along]
  const sameIds = (other: Device) => other.vendorId === gpu.vendorId && other.deviceId === gpu.deviceId
  const card = {
    address: gpu.address,
    name: deviceName(gpu),
    functions,
    iommuGroup: gpu.iommuGroup,
    groups: groupsOf(functions).map((group) => group.id),
    groupMembers: members.map((member) => member.address),
    bridges: others.filter(isBridge).map((member) => member.address),
    foreignEndpoints: foreign.map((member) => member.address),
    identicalTo: facts.devices
      .filter((other) => !unit.includes(other) && isGpu(other) && sameIds(other))
      .map((other) => other.address),
  }
  return { ...card, verdict: cardVerdict(facts, { gpu, functions, foreign, groups: groupsOf(functions) }) }
}
