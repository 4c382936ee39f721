import { isUnknown } from '#shared/base/unknown.ts'
import type { Claim, Facts, IommuGroup } from '#shared/facts/facts.ts'
import { classWords, type Device, shortAddress } from '#shared/facts/pci.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'

type Reason = GpuView['verdict']['reasons'][number]

interface Unit {
  gpu: Device
  /** What goes to the VM together. */
  functions: readonly Device[]
  /** Endpoints that share a group with it and stay. */
  foreign: readonly Device[]
  groups: readonly IommuGroup[]
}

/**
 * Displays of management controllers by vendor and device: ASPEED, Matrox G200 in its server variants, Huawei
 * (pci.ids). They are the console of a server, and draw into its memory.
 */
const MANAGEMENT = /^(1a03:|102b:05[23]|19e5:1711)/u

/** One word and the reasons for it. A refusal outranks what is not known, which outranks work to be done. */
export function cardVerdict(facts: Facts, unit: Unit): GpuView['verdict'] {
  const blocked = [
    ...claimReasons(facts, unit, true),
    ...unit.groups.flatMap(mappingReasons),
    ...managementReasons(unit.gpu),
    ...configSpaceReasons(unit.functions),
  ]
  if (blocked.length > 0) return { status: 'blocked', reasons: blocked }
  const dark = [...unknownReasons(facts, unit), ...claimReasons(facts, unit, false)]
  if (dark.length > 0) return { status: 'unknown', reasons: dark }
  const work = workReasons(unit)
  if (work.length > 0) return { status: 'needs-work', reasons: work }
  return { status: 'ready', reasons: [{ code: 'bound', text: 'All functions are held by vfio-pci.' }] }
}

/** What the host needs of these devices: for certain, or perhaps. */
function claimReasons(facts: Facts, { functions, foreign }: Unit, certain: boolean): Reason[] {
  return [...functions, ...foreign].flatMap((device) =>
    claimsOn(facts, device.address)
      .filter((claim) => claim.certain === certain)
      .map((claim) => ({
        code: `host-${certain ? 'needs' : 'may-need'}-${claim.kind}`,
        text: `${shortAddress(device.address)} (${describeEndpoint(device)}) would go along, but ${claim.detail}.`,
      })),
  )
}

export function claimsOn(facts: Facts, address: string): Claim[] {
  return isUnknown(facts.claims) ? [] : facts.claims.filter((claim) => claim.address === address)
}

/** `NVMe controller on nvme`. */
export function describeEndpoint(device: Device): string {
  return `${classWords(device.classId)}${device.driver === null ? '' : ` on ${device.driver}`}`
}

/** An endpoint without a driver does not bar its group, nor does one that VFIO holds (driver-api/vfio.rst). */
export function blocksGroup(device: Device): boolean {
  return device.driver !== null && device.driver !== 'vfio-pci' && device.driver !== 'pci-stub'
}

/** `direct` regions (not direct-relaxable) make VFIO refuse the group (kernel iommu.c, RESV_DIRECT). */
function mappingReasons(group: IommuGroup): Reason[] {
  const direct = isUnknown(group.reserved) ? [] : group.reserved.filter((region) => region.type === 'direct')
  if (direct.length === 0) return []
  return [
    {
      code: 'direct-mapping',
      text: `Firmware demands a fixed 1:1 mapping for group ${group.id} (${direct.length} regions); VFIO refuses such a group. Look for "Pre-boot DMA Protection" in firmware setup, and for a firmware update.`,
    },
  ]
}

function managementReasons(gpu: Device): Reason[] {
  if (!MANAGEMENT.test(`${gpu.vendorId}:${gpu.deviceId}`)) return []
  const text = `${shortAddress(gpu.address)} is the display of the management controller, the console of this server.`
  return [{ code: 'management-display', text }]
}

function configSpaceReasons(functions: readonly Device[]): Reason[] {
  const dead = functions.filter((device) => device.vendorId === 'ffff' || device.answers === false)
  return dead.map((device) => ({
    code: 'config-space-dead',
    text: `${shortAddress(device.address)} does not answer (its configuration reads ff throughout); only a power cycle helps.`,
  }))
}

function unknownReasons(facts: Facts, { groups }: Unit): Reason[] {
  const reasons: Reason[] = []
  if (facts.iommu.groups.length === 0 && isUnknown(facts.iommu.acpiTable))
    reasons.push({ code: 'groups-unknown', text: `Its IOMMU group cannot be seen: ${facts.iommu.acpiTable.unknown}.` })
  if (isUnknown(facts.claims))
    reasons.push({ code: 'claims-unknown', text: `What the host needs cannot be read: ${facts.claims.unknown}.` })
  for (const { id, reserved } of groups) {
    if (isUnknown(reserved))
      reasons.push({
        code: 'reserved-unknown',
        text: `Reserved regions of group ${id} cannot be read: ${reserved.unknown}.`,
      })
  }
  return reasons
}

function workReasons({ gpu, functions, foreign }: Unit): Reason[] {
  const reasons: Reason[] = []
  if (functions.some((device) => device.iommuGroup === null))
    reasons.push({ code: 'no-group', text: 'It has no IOMMU group yet; the IOMMU is off.' })
  for (const device of foreign.filter(blocksGroup)) {
    const text = `${shortAddress(device.address)} (${describeEndpoint(device)}) shares its IOMMU group.`
    reasons.push({ code: 'group-shared', text })
  }
  for (const device of functions.filter((member) => member.driver !== 'vfio-pci')) {
    reasons.push({
      code: 'held-by-host',
      text: `${shortAddress(device.address)} is ${device.driver === null ? 'without a driver' : `held by ${device.driver}`}.`,
    })
  }
  if (gpu.bootVga === true && reasons.length > 0)
    reasons.push({ code: 'boot-vga', text: 'It is the boot display of this host.' })
  return reasons
}
