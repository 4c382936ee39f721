import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, IommuGroup } from '#shared/facts/facts.ts'
import { type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import { blocksGroup } from '#shared/units/drivers.ts'
import { hostPart } from '#shared/units/host-parts.ts'
import { claimReasons } from './claims.ts'
import { describeEndpoint, type Facet, type Unit } from './facet.ts'

/**
 * Displays of management controllers by vendor and device: ASPEED, Matrox G200 in its server variants, Huawei
 * (pci.ids). They are the console of a server, and draw into its memory.
 */
const MANAGEMENT = /^(1a03:|102b:05[23]|19e5:1711)/u
/** Returns why a unit cannot be handed over, whatever anybody does here. */
export function refusals(facts: Facts, unit: Unit): Facet[] {
  return [
    ...claimReasons(facts, unit, 'needs'),
    ...unit.functions.flatMap(partReasons),
    ...unit.foreign.flatMap(keeperReasons),
    ...unit.groups.flatMap(mappingReasons),
    ...graphicsReasons(unit.lead),
    ...configSpaceReasons(unit.functions),
  ]
}

/** A part of the computer itself goes to no VM. */
function partReasons(device: Device): Facet[] {
  const part = hostPart(device)
  if (part === null) return []
  const text = `${shortAddress(device.address)} stays with the host: ${part}.`
  return [{ code: 'host-part', text, address: device.address, need: part }]
}

/** What can neither go along nor be taken off its driver keeps the group with the host. */
function keeperReasons(device: Device): Facet[] {
  const part = hostPart(device)
  if (part === null || !blocksGroup(device.driver)) return []
  const text = `${shortAddress(device.address)} (${describeEndpoint(device)}) shares its IOMMU group and stays with the host: ${part}.`
  return [{ code: 'group-held', text, address: device.address }]
}

/** Displays that go to no VM of ours. */
function graphicsReasons({ address, vendorId, deviceId, classId, physfn }: Device): Facet[] {
  if (!isGpu({ classId })) return []
  const at = shortAddress(address)
  if (MANAGEMENT.test(`${vendorId}:${deviceId}`)) {
    const text = `${at} is the display of the management controller, the console of this server.`
    return [{ code: 'management-display', text, address }]
  }
  if (vendorId !== '8086' || !address.endsWith(':00:02.0') || physfn !== null) return []
  const text = `${at} is the graphics of the processor: a guest needs it at this very address, with its OpRegion and ROM, which this program does not set up.`
  return [{ code: 'processor-graphics', text, address }]
}

/** `direct` regions (not direct-relaxable) make VFIO refuse the group (kernel iommu.c, RESV_DIRECT). */
function mappingReasons(group: IommuGroup): Facet[] {
  const direct = isUnknown(group.reserved) ? [] : group.reserved.filter((region) => region.type === 'direct')
  if (direct.length === 0) return []
  const text = `Firmware demands a fixed 1:1 mapping for group ${group.id} (${direct.length} regions); VFIO refuses such a group. Look for "Pre-boot DMA Protection" in firmware setup, and for a firmware update.`
  return [{ code: 'direct-mapping', text, address: null }]
}

function configSpaceReasons(functions: readonly Device[]): Facet[] {
  const dead = functions.filter((device) => device.vendorId === 'ffff' || device.answers === false)
  return dead.map(({ address }) => ({
    code: 'config-space-dead',
    text: `${shortAddress(address)} does not answer (its configuration reads ff throughout); only a power cycle helps.`,
    address,
  }))
}
