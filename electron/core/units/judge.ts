import { isUnknown } from '#shared/base/unknown.ts'
import type { Claim, Facts, IommuGroup } from '#shared/facts/facts.ts'
import { classWords, type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import { blocksGroup, heldByVfio, VFIO_PCI } from '#shared/units/drivers.ts'
import type { UnitReason, UnitVerdict } from '#shared/units/unit-view.ts'

/** What is judged: functions that go to a VM together, and what else is in their IOMMU groups. */
export interface Unit {
  lead: Device
  functions: readonly Device[]
  /** Endpoints that share a group with it and stay, and bridges whose driver keeps the group. */
  foreign: readonly Device[]
  groups: readonly IommuGroup[]
}

type Facet = Pick<UnitReason, 'code' | 'text' | 'address'> & Partial<Pick<UnitReason, 'need'>>

/**
 * Displays of management controllers by vendor and device: ASPEED, Matrox G200 in its server variants, Huawei
 * (pci.ids). They are the console of a server, and draw into its memory.
 */
const MANAGEMENT = /^(1a03:|102b:05[23]|19e5:1711)/u
const ORDER = ['blocked', 'unknown', 'needs-work'] as const

/**
 * Judges a unit, the one judgement of what can be handed over, for steps, panels, diagnosis and command line. A refusal
 * outranks what is not known, which outranks work to be done.
 */
export function judge(unit: Unit, facts: Facts): UnitVerdict {
  const found: Record<(typeof ORDER)[number], Facet[]> = {
    blocked: [
      ...claimReasons(facts, unit, true),
      ...unit.groups.flatMap(mappingReasons),
      ...managementReasons(unit.lead),
      ...configSpaceReasons(unit.functions),
    ],
    unknown: [...unknownReasons(facts, unit), ...claimReasons(facts, unit, false)],
    'needs-work': workReasons(facts, unit),
  }
  const all = ORDER.flatMap((status) => found[status].map((facet) => ({ need: null, ...facet, status })))
  const [worst] = all
  if (worst === undefined) return { status: 'ready', reasons: [ready(unit)], lesser: [] }
  const decides = (reason: UnitReason) => reason.status === worst.status
  return { status: worst.status, reasons: all.filter(decides), lesser: all.filter((reason) => !decides(reason)) }
}

function ready({ lead, functions }: Unit): UnitReason {
  const what = functions.length === 1 ? 'It is' : 'All functions are'
  return { code: 'bound', text: `${what} held by ${VFIO_PCI}.`, status: 'ready', address: lead.address, need: null }
}

/** Returns what the host needs of these devices: for certain, or perhaps. */
function claimReasons(facts: Facts, { functions, foreign }: Unit, certain: boolean): Facet[] {
  return [...functions, ...foreign].flatMap((device) =>
    claimsOn(facts, device.address)
      .filter((claim) => claim.certain === certain)
      .map((claim) => ({
        code: `host-${certain ? 'needs' : 'may-need'}-${claim.kind}`,
        text: `${shortAddress(device.address)} (${describeEndpoint(device)}) would go along, but ${claim.detail}.`,
        address: device.address,
        need: claim.detail,
      })),
  )
}

/** Returns what the host needs a function for, of what could be read. */
export function claimsOn(facts: Facts, address: string): Claim[] {
  return isUnknown(facts.claims) ? [] : facts.claims.filter((claim) => claim.address === address)
}

/** `NVMe controller on nvme`. */
export function describeEndpoint(device: Device): string {
  return `${classWords(device.classId)}${device.driver === null ? '' : ` on ${device.driver}`}`
}

/** `direct` regions (not direct-relaxable) make VFIO refuse the group (kernel iommu.c, RESV_DIRECT). */
function mappingReasons(group: IommuGroup): Facet[] {
  const direct = isUnknown(group.reserved) ? [] : group.reserved.filter((region) => region.type === 'direct')
  if (direct.length === 0) return []
  const text = `Firmware demands a fixed 1:1 mapping for group ${group.id} (${direct.length} regions); VFIO refuses such a group. Look for "Pre-boot DMA Protection" in firmware setup, and for a firmware update.`
  return [{ code: 'direct-mapping', text, address: null }]
}

function managementReasons(lead: Device): Facet[] {
  if (!isGpu(lead) || !MANAGEMENT.test(`${lead.vendorId}:${lead.deviceId}`)) return []
  const text = `${shortAddress(lead.address)} is the display of the management controller, the console of this server.`
  return [{ code: 'management-display', text, address: lead.address }]
}

function configSpaceReasons(functions: readonly Device[]): Facet[] {
  const dead = functions.filter((device) => device.vendorId === 'ffff' || device.answers === false)
  return dead.map(({ address }) => ({
    code: 'config-space-dead',
    text: `${shortAddress(address)} does not answer (its configuration reads ff throughout); only a power cycle helps.`,
    address,
  }))
}

function unknownReasons(facts: Facts, { groups }: Unit): Facet[] {
  const reasons: Facet[] = []
  const add = (code: string, text: string) => reasons.push({ code, text, address: null })
  if (facts.iommu.groups.length === 0 && isUnknown(facts.iommu.acpiTable))
    add('groups-unknown', `Its IOMMU group cannot be seen: ${facts.iommu.acpiTable.unknown}.`)
  if (isUnknown(facts.claims)) add('claims-unknown', `What the host needs cannot be read: ${facts.claims.unknown}.`)
  for (const { id, reserved } of groups) {
    if (isUnknown(reserved))
      add('reserved-unknown', `Reserved regions of group ${id} cannot be read: ${reserved.unknown}.`)
  }
  return reasons
}

function workReasons({ iommu }: Facts, { lead, functions, foreign }: Unit): Facet[] {
  const reasons: Facet[] = []
  const off = iommu.groups.length === 0
  if (functions.some((device) => device.iommuGroup === null))
    reasons.push({
      code: 'no-group',
      text: off ? 'It has no IOMMU group yet; the IOMMU is off.' : 'It is in no IOMMU group.',
      address: null,
    })
  for (const device of foreign.filter(({ driver }) => blocksGroup(driver))) {
    const text = `${shortAddress(device.address)} (${describeEndpoint(device)}) shares its IOMMU group.`
    reasons.push({ code: 'group-shared', text, address: device.address })
  }
  for (const { address, driver } of functions.filter((member) => !heldByVfio(member))) {
    const how = driver === null ? 'without a driver' : `held by ${driver}`
    reasons.push({ code: 'held-by-host', text: `${shortAddress(address)} is ${how}.`, address })
  }
  if (lead.bootVga === true && reasons.length > 0)
    reasons.push({ code: 'boot-vga', text: 'It is the boot display of this host.', address: lead.address })
  return reasons
}
