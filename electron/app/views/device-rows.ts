import { nextDrivers } from '#core/boot/next-driver.ts'
import type { Situation } from '#core/situation.ts'
import { unitsOf } from '#core/units/units.ts'
import { size } from '#shared/base/size.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Bar, classWords, type Device, isBridge, shortAddress } from '#shared/facts/pci.ts'
import type { Availability, DeviceRow } from '#shared/ipc/device-row.ts'
import type { NextDriver } from '#shared/ipc/driver-row.ts'
import type { UnitView } from '#shared/units/unit-view.ts'

/** What step 5 does anyway; a device of which nothing else is said can be passed. */
const OWN_WORK: ReadonlySet<string> = new Set(['held-by-host', 'boot-vga'])

interface Judgement {
  availability: Availability
  verdict: string
}

/** Returns every PCI function of the host as a line of the Devices panel, in the order of their addresses. */
export function deviceRows(situation: Situation): DeviceRow[] {
  const { facts, cards } = situation
  const byAddress = new Map(facts.devices.map((device) => [device.address, device]))
  const units = new Map(
    unitsOf(facts, cards).flatMap((unit) => unit.functions.map((device) => [device.address, unit] as const)),
  )
  const nextDriver = nextDrivers(situation)
  return facts.devices.map((device) => {
    const unit = units.get(device.address) ?? null
    const members = unit?.groupMembers.flatMap((address) => byAddress.get(address) ?? []) ?? []
    const takes = takenWith(device, [...(unit?.functions ?? []), ...members])
    return { ...rowOf(facts, device, takes, unit), ...atNextBoot(nextDriver(device)) }
  })
}

function atNextBoot({ driver, why }: NextDriver): Pick<DeviceRow, 'nextBoot' | 'nextBootWhy'> {
  return { nextBoot: isUnknown(driver) ? 'unknown' : (driver ?? 'none'), nextBootWhy: why }
}

function rowOf(
  facts: Facts,
  device: Device,
  takes: Device[],
  unit: UnitView | null,
): Omit<DeviceRow, 'nextBoot' | 'nextBootWhy'> {
  const screens = device.connectors.filter((connector) => connector.connected).map((connector) => connector.name)
  const held = facts.holders.list.filter((holder) => holder.address === device.address)
  return {
    address: device.address,
    kind: classWords(device.classId),
    ids: `${device.vendorId}:${device.deviceId}`,
    subsystem: device.subsystem,
    name: device.name,
    board: device.board,
    driver: device.driver,
    override: device.driverOverride,
    group: device.iommuGroup,
    ...deviceVerdict(device, takes, unit),
    bootVga: device.bootVga === true,
    screens,
    link: linkOf(device),
    memoryBytes: device.bars.reduce((sum, bar) => sum + bar.size, 0),
    bars: device.bars.map((bar) => `BAR ${bar.index}: ${bar.start} to ${bar.end}`),
    rebar: rebarOf(device.bars),
    reset: resetText(device),
    numaNode: device.numaNode,
    power: device.powerState,
    heldBy: [...new Set(held.map((holder) => `${holder.name} (pid ${holder.pid})`))],
    takes: takes.map((other) => other.address),
  }
}

/** Returns the largest BAR that can be resized: games and compute are faster when the whole memory is in reach. */
function rebarOf(bars: readonly Bar[]): string | null {
  const [bar] = bars.filter(({ resizes }) => resizes.length > 0).sort((a, b) => b.size - a.size)
  if (bar === undefined) return null
  const most = Math.max(...bar.resizes)
  return bar.size >= most ? `${size(bar.size)}, all of it` : `${size(bar.size)} of ${size(most)}`
}

/** Other endpoints of its card or slot and of its IOMMU group: VFIO hands over whole groups, and a card is one thing. */
function takenWith(device: Device, mates: readonly Device[]): Device[] {
  if (isBridge(device)) return []
  return [...new Set(mates)].filter((other) => other.address !== device.address && !isBridge(other))
}

/** Returns the judgement of its unit, in words about this function. */
function deviceVerdict(device: Device, takes: readonly Device[], unit: UnitView | null): Judgement {
  if (unit === null) return { availability: 'host', verdict: 'Stays with the host: it connects other devices.' }
  const judged = unitVerdict(unit)
  const own = unit.verdict.reasons.find(({ address, need }) => address === device.address && need !== null)
  if (own !== undefined && judged.availability === 'host')
    return { ...judged, verdict: `Stays with the host: ${own.need ?? ''}.` }
  return unit.kind === 'card' ? cardPart(device, unit, judged) : slotPart(takes, judged)
}

/** Judges a function beside the GPU: it is as ready as the card it goes with. */
function cardPart(device: Device, card: UnitView, judged: Judgement): Judgement {
  if (card.address === device.address) return judged
  const availability = judged.availability === 'ready' ? 'goes-along' : judged.availability
  return { availability, verdict: `Goes with ${card.name} at ${shortAddress(card.address)}.` }
}

function slotPart(takes: readonly Device[], judged: Judgement): Judgement {
  if (judged.availability !== 'ready' || takes.length === 0) return judged
  return { availability: 'goes-along', verdict: `Can be passed only together with ${names(takes)}.` }
}

function unitVerdict({ kind, verdict, functions, iommuGroup }: UnitView): Judgement {
  const reason = verdict.reasons[0]?.text ?? ''
  if (verdict.status === 'blocked') return { availability: 'host', verdict: reason }
  if (verdict.status === 'unknown') return { availability: 'unknown', verdict: reason }
  const others = functions.slice(1).map((device) => classWords(device.classId))
  const company = others.length === 0 ? '' : ` with its ${[...new Set(others)].join(', ')}`
  if (verdict.status === 'ready')
    return { availability: 'ready', verdict: `Handed over: group ${iommuGroup ?? ''}${company}.` }
  const work = verdict.reasons.find(
    ({ code }) => !OWN_WORK.has(code) && !(kind === 'device' && code === 'group-shared'),
  )
  if (work !== undefined) return { availability: 'needs-work', verdict: work.text }
  return { availability: 'ready', verdict: `Can be passed: alone in group ${iommuGroup ?? ''}${company}.` }
}

function names(devices: readonly Device[]): string {
  const shown = devices.slice(0, 3).map((device) => `${shortAddress(device.address)} (${classWords(device.classId)})`)
  return devices.length > 3 ? `${shown.join(', ')} and ${devices.length - 3} more` : shown.join(', ')
}

/** Narrower or slower than both ends could: a loose card, a shared slot, or power saving at idle. */
function linkOf({ link }: Device): DeviceRow['link'] {
  if (link === null) return null
  const rate = (speed: string) => Number.parseFloat(speed)
  const downTrained = rate(link.speed) < rate(link.maxSpeed) || Number(link.width) < Number(link.maxWidth)
  const full = downTrained ? `, could do x${link.maxWidth} ${short(link.maxSpeed)}` : ''
  return { text: `x${link.width} ${short(link.speed)}${full}`, downTrained }
}

function short(speed: string): string {
  return speed.replace(/\s*PCIe$/u, '')
}

function resetText({ resetMethods }: Device): string | null {
  if (isUnknown(resetMethods)) return 'cannot be read'
  if (resetMethods === null) return null
  return resetMethods.length === 0 ? 'none' : resetMethods.join(', ')
}
