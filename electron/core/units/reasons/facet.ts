import type { IommuGroup } from '#shared/facts/facts.ts'
import { classWords, type Device } from '#shared/facts/pci.ts'
import type { UnitReason } from '#shared/units/unit-view.ts'

/** What is judged: functions that go to a VM together, and what else is in their IOMMU groups. */
export interface Unit {
  lead: Device
  functions: readonly Device[]
  /** Endpoints that share a group with it and stay, and bridges whose driver keeps the group. */
  foreign: readonly Device[]
  groups: readonly IommuGroup[]
}

/** One reason, before it is known what it does to the verdict. */
export type Facet = Pick<UnitReason, 'code' | 'text' | 'address'> & Partial<Pick<UnitReason, 'need'>>

/** `NVMe controller on nvme`. */
export function describeEndpoint(device: Device): string {
  return `${classWords(device.classId)}${device.driver === null ? '' : ` on ${device.driver}`}`
}
