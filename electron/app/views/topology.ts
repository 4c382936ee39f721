import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { classWords, type Device, deviceName, isBridge, isGpu, shortAddress } from '#shared/facts/pci.ts'
import type { Topology, TopologyMark, TopologyNode, TopologyRoot } from '#shared/ipc/topology.ts'
import { PCIE_PORT_DRIVER } from '#shared/units/drivers.ts'
import type { UnitReason, UnitView } from '#shared/units/unit-view.ts'

/**
 * Returns what is connected to what, who shares an IOMMU group, and what blocks the chosen card. Where none is chosen,
 * what blocks any other card is shown too: it may be why there was nothing else to choose.
 */
export function topologyOf({ facts, choices, cards: all, reserved: chosen }: Situation): Topology {
  const others = choices.cards.units !== null && chosen.length > 0 ? [] : all
  const isChosen = (card: UnitView) => chosen.some(({ address }) => address === card.address)
  const units = [
    ...others.filter((card) => !isChosen(card) && (chosen.length === 0 || card.verdict.status === 'blocked')),
    ...chosen,
  ]
  const marks = new Map(units.flatMap((unit) => [...marksOf(facts, unit, isChosen(unit))]))
  const roots = rootsOf(facts.devices)
  const nodes = facts.devices.map((device) => nodeOf(device, roots, marks.get(device.address) ?? null))
  return {
    about: aboutOf(facts, chosen),
    gaps: gapsOf(facts, [...roots.values()]),
    roots: distinct([...roots.values()]),
    nodes,
  }
}

function nodeOf(device: Device, roots: ReadonlyMap<string, TopologyRoot>, mark: TopologyMark | null): TopologyNode {
  const { address, driver, iommuGroup, classId } = device
  return {
    address,
    parent: device.parent,
    root: roots.get(address)?.bus ?? busOf(address),
    shape: classId.startsWith('0604') ? 'port' : 'chip',
    kind: kindOf(device, roots.get(address)?.known === true),
    name: shortName(device),
    driver,
    group: iommuGroup,
    graphics: isGpu(device),
    mark,
  }
}

/**
 * pcieport serves root ports and both sides of switches (Documentation/PCI/pciebus-howto.rst); below a root port they
 * can only be a switch's.
 */
function kindOf({ classId, driver, parent }: Device, known: boolean): string {
  if (!classId.startsWith('0604') || driver !== PCIE_PORT_DRIVER) return classWords(classId)
  if (!known) return 'PCIe port'
  return parent === null ? 'root port' : 'switch port'
}

/** Returns the marketing name, else the name without its maker's legal form. */
function shortName(device: Device): string {
  const name = deviceName(device)
  return name.replace(/^(Intel|NVIDIA|Advanced Micro Devices, Inc\.)( Corporation)?( \[AMD(\/ATI)?\])? (?=\S)/u, '')
}

function busOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'))
}

/**
 * Returns where the tree of each function begins: the root bus sysfs names when it is its own, else only its bus is
 * known.
 */
function rootsOf(devices: readonly Device[]): Map<string, TopologyRoot> {
  const byAddress = new Map(devices.map((device) => [device.address, device]))
  const topOf = (device: Device, depth: number): Device => {
    const above = device.parent === null ? undefined : byAddress.get(device.parent)
    return above === undefined || depth > 32 ? device : topOf(above, depth + 1)
  }
  return new Map(
    devices.map((device) => {
      const top = topOf(device, 0)
      const bus = busOf(top.address)
      return [device.address, { bus, known: top.parent === null && top.rootBus === bus }]
    }),
  )
}

/** Each once, in the order of their buses; a bus is known when the way to any of its functions is. */
function distinct(roots: readonly TopologyRoot[]): TopologyRoot[] {
  const known = new Set(roots.filter((root) => root.known).map((root) => root.bus))
  return [...new Set(roots.map((root) => root.bus))].sort().map((bus) => ({ bus, known: known.has(bus) }))
}

/** Returns for each function of a card and of its groups what the card's verdict says of it. */
function marksOf(facts: Facts, card: UnitView, chosen: boolean): Map<string, TopologyMark> {
  const marks = new Map<string, TopologyMark>()
  const said = [...card.verdict.reasons, ...card.verdict.lesser]
  for (const device of facts.devices.filter(({ address }) => card.foreignEndpoints.includes(address))) {
    const reason = said.find(({ address }) => address === device.address)
    if (reason !== undefined) marks.set(device.address, sharing(device, card, reason))
  }
  for (const device of card.functions.filter((member) => !isBridge(member))) {
    const need = said.find(({ address, code }) => address === device.address && /^host-(needs|uses|part)/u.test(code))
    marks.set(device.address, need === undefined ? ownMark(device, card, chosen) : needed(need))
  }
  return marks
}

/** Returns why a function of another unit keeps the card from being handed over. */
function sharing(device: Device, card: UnitView, reason: UnitReason): TopologyMark {
  const where = `shares group ${device.iommuGroup ?? ''} with ${shortAddress(card.address)}`
  if (reason.code === 'group-shared') return { kind: 'shares', text: `held by ${device.driver ?? ''}; ${where}` }
  if (reason.code === 'group-held') return { kind: 'blocker', text: `${reason.text.replace(/\.$/u, '')}; ${where}` }
  const { kind, text } = needed(reason)
  return { kind, text: `${text}; ${where}` }
}

function needed({ status, need, text }: UnitReason): TopologyMark {
  const how = { blocked: 'the host needs it', unknown: 'the host may need it', 'needs-work': 'in use', ready: '' }
  const what = need === null ? text : `${how[status]}: ${need}`
  return { kind: status === 'blocked' ? 'blocker' : 'doubt', text: what }
}

function ownMark(device: Device, card: UnitView, chosen: boolean): TopologyMark {
  if (device.address !== card.address)
    return { kind: chosen ? 'companion' : 'candidate', text: `goes along with ${shortAddress(card.address)}` }
  return chosen ? chosenMark(card) : candidateMark(card)
}

/** Returns what blocks a card by itself; what others in its group do to it is shown at them. */
function ownReason({ verdict }: UnitView): string | null {
  if (verdict.status !== 'blocked') return null
  return verdict.reasons.find((reason) => !reason.code.startsWith('host-'))?.text ?? null
}

function chosenMark(card: UnitView): TopologyMark {
  const own = ownReason(card)
  const what = card.kind === 'card' ? 'chosen card' : 'chosen device'
  if (own !== null) return { kind: 'blocker', text: `${what}: ${own}` }
  return {
    kind: 'card',
    text: card.verdict.status === 'blocked' ? `${what}, barred by what is red` : what,
  }
}

function candidateMark(card: UnitView): TopologyMark {
  const { status, reasons } = card.verdict
  const own = ownReason(card)
  if (own !== null) return { kind: 'blocker', text: own }
  if (status === 'blocked') return { kind: 'candidate', text: 'a card, barred by what is red' }
  if (status === 'unknown') return { kind: 'doubt', text: reasons[0]?.text ?? 'Nothing is known of this card.' }
  return { kind: 'candidate', text: 'a card that step 4 offers' }
}

function aboutOf(facts: Facts, chosen: readonly UnitView[]): string {
  const groups = facts.iommu.groups.length
  const count = `${facts.devices.length} functions${groups === 0 ? '' : ` in ${groups} IOMMU groups`}`
  if (chosen.length === 0) return `${count}. No card is chosen; step 4 chooses one.`
  const names = chosen.map(({ name, address }) => `${name} at ${shortAddress(address)}`)
  return `${count}. Chosen: ${names.join(', ')}.`
}

function gapsOf(facts: Facts, roots: readonly TopologyRoot[]): string[] {
  const lost = roots.filter((root) => !root.known).length
  const told = facts.coverage === null
  const gaps: string[] = []
  if (facts.devices.length === 0) return ['The kernel of this host shows no PCI function.']
  if (lost > 0)
    gaps.push(
      told
        ? `The way from the root complex is not known for ${lost} of these functions; they are drawn by their bus.`
        : 'The text does not tell what hangs on which port; functions are drawn by their bus.',
    )
  if (facts.iommu.groups.length === 0) gaps.push(noGroups(facts, told))
  if (isUnknown(facts.claims))
    gaps.push(`What the host needs cannot be read, so blockers may be missing: ${facts.claims.unknown}.`)
  return gaps
}

function noGroups({ iommu }: Facts, looked: boolean): string {
  if (!looked) return 'The text tells no IOMMU groups.'
  if (isUnknown(iommu.acpiTable)) return `IOMMU groups cannot be seen: ${iommu.acpiTable.unknown}.`
  return 'There are no IOMMU groups: the IOMMU is off. Step 1 says why.'
}
