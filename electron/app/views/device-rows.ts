import { nextDrivers } from '#core/boot/next-driver.ts'
import { cardsOf } from '#core/steps/cards/card.ts'
import { size } from '#shared/base/size.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Bar, classWords, type Device, isBridge, shortAddress, slotOf } from '#shared/facts/pci.ts'
import type { Availability, DeviceRow } from '#shared/ipc/device-row.ts'
import type { NextDriver } from '#shared/ipc/driver-row.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'
import type { Choices } from '#shared/wizard/choices.ts'

interface Judgement {
  availability: Availability
  verdict: string
}

/** Every PCI function of the host as a line of the Devices panel, in the order of their addresses. */
export function deviceRows(facts: Facts, choices: Choices): DeviceRow[] {
  const cards = cardsOf(facts)
  const slots = gathered(facts.devices, (device) => slotOf(device.address))
  const groups = gathered(facts.devices, (device) => device.iommuGroup)
  const cardOf = new Map(cards.flatMap((card) => card.functions.map((device) => [device.address, card] as const)))
  const nextDriver = nextDrivers(facts, choices)
  return facts.devices.map((device) => {
    const card = cardOf.get(device.address) ?? null
    // A card may reach beyond its slot, by a switch of its own.
    const unit = card?.functions ?? slots.get(slotOf(device.address)) ?? []
    const members = device.iommuGroup === null ? [] : (groups.get(device.iommuGroup) ?? [])
    const takes = takenWith(device, [...unit, ...members])
    return { ...rowOf(facts, device, takes, card), ...atNextBoot(nextDriver(device)) }
  })
}

function gathered<K>(devices: readonly Device[], keyOf: (device: Device) => K): Map<K, Device[]> {
  const found = new Map<K, Device[]>()
  for (const device of devices) {
    const key = keyOf(device)
    const known = found.get(key)
    if (known === undefined) found.set(key, [device])
    else known.push(device)
  }
  return found
}

function atNextBoot({ driver, why }: NextDriver): Pick<DeviceRow, 'nextBoot' | 'nextBootWhy'> {
  return { nextBoot: isUnknown(driver) ? 'unknown' : (driver ?? 'none'), nextBootWhy: why }
}

function rowOf(
  facts: Facts,
  device: Device,
  takes: Device[],
  card: GpuView | null,
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
    ...deviceVerdict(facts, device, takes, card),
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

/** The largest BAR that can be resized: games and compute are faster when the whole memory is in reach. */
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

function deviceVerdict(facts: Facts, device: Device, takes: readonly Device[], card: GpuView | null): Judgement {
  if (isBridge(device)) return { availability: 'host', verdict: 'Stays with the host: it connects other devices.' }
  if (isUnknown(facts.claims))
    return { availability: 'unknown', verdict: `What the host needs cannot be read: ${facts.claims.unknown}.` }
  const claim = facts.claims.find((candidate) => candidate.address === device.address)
  if (claim !== undefined) return { availability: 'host', verdict: `Stays with the host: ${claim.detail}.` }
  if (card?.address === device.address) return cardJudgement(card)
  if (card !== null) {
    // It is as ready as what it goes with.
    const { availability: availability } = cardJudgement(card)
    const along = availability === 'ready' ? 'goes-along' : availability
    return { availability: along, verdict: `Goes with ${card.name} at ${shortAddress(card.address)}.` }
  }
  if (device.iommuGroup === null)
    return { availability: 'needs-work', verdict: 'It has no IOMMU group; the IOMMU is off.' }
  if (takes.length === 0)
    return { availability: 'ready', verdict: `Can be passed: alone in group ${device.iommuGroup}.` }
  return { availability: 'goes-along', verdict: `Can be passed only together with ${names(takes)}.` }
}

function cardJudgement({ verdict, functions, iommuGroup }: GpuView): Judgement {
  const reason = verdict.reasons[0]?.text ?? ''
  if (verdict.status === 'blocked') return { availability: 'host', verdict: reason }
  if (verdict.status === 'unknown') return { availability: 'unknown', verdict: reason }
  const others = functions.slice(1).map((device) => classWords(device.classId))
  const company = others.length === 0 ? '' : ` with its ${[...new Set(others)].join(', ')}`
  if (verdict.status === 'ready')
    return { availability: 'ready', verdict: `Handed over: group ${iommuGroup ?? ''}${company}.` }
  const other = verdict.reasons.find((each) => each.code !== 'held-by-host' && each.code !== 'boot-vga')
  if (other !== undefined) return { availability: 'needs-work', verdict: other.text }
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
