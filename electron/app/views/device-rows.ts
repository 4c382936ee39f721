import { nextDrivers } from '#core/boot/next-driver.ts'
import type { Situation } from '#core/situation.ts'
import { unitsOf } from '#core/units/units.ts'
import { size } from '#shared/base/size.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Bar, classWords, type Device } from '#shared/facts/pci.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import type { NextDriver } from '#shared/ipc/driver-row.ts'
import { badReset } from '#shared/units/bad-resets.ts'
import { blocksGroup } from '#shared/units/drivers.ts'
import { hostPart } from '#shared/units/host-parts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { deviceVerdict } from './device-verdict.ts'

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
    const takes = unit === null ? [] : takenWith(device, unit, byAddress)
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

/** Other functions of its unit, and endpoints that would have to leave the host with it: VFIO takes whole groups. */
function takenWith(device: Device, unit: UnitView, byAddress: ReadonlyMap<string, Device>): Device[] {
  const mates = unit.foreignEndpoints.flatMap((address) => byAddress.get(address) ?? [])
  const leaving = mates.filter((mate) => blocksGroup(mate.driver) && hostPart(mate) === null)
  return [...unit.functions, ...leaving].filter((other) => other.address !== device.address)
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

function resetText(device: Device): string | null {
  const { resetMethods } = device
  if (isUnknown(resetMethods)) return 'cannot be read'
  if (resetMethods === null) return null
  if (resetMethods.length === 0) return 'none'
  return `${resetMethods.join(', ')}${badReset(device) === null ? '' : ', which may not bring it back'}`
}
