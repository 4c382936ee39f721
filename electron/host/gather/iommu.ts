import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts, IommuGroup } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { listNames, readText } from '../read.ts'

const GROUPS = '/sys/kernel/iommu_groups'

/** Gathers firmware's table, the kernel's units and groups, and whether interrupts are remapped. */
export async function gatherIommu(host: Host): Promise<Facts['iommu']> {
  const [acpiTable, units, names, interrupts] = await Promise.all([
    acpiTableOf(host),
    listOrEmpty(host, '/sys/class/iommu'),
    listOrEmpty(host, GROUPS),
    readText(host, '/proc/interrupts'),
  ])
  const groups = await Promise.all(names.map((name) => gatherGroup(host, name)))
  return {
    acpiTable,
    units,
    groups: groups.filter((group) => group !== null).sort((a, b) => a.id - b.id),
    interruptRemapping: interruptRemapping(interrupts),
  }
}

async function acpiTableOf(host: Host): Promise<Facts['iommu']['acpiTable']> {
  const tables = await listNames(host, '/sys/firmware/acpi/tables')
  if (isUnknown(tables)) return tables
  if (tables.length === 0) return unknownBecause('/sys/firmware/acpi/tables is empty or hidden')
  return tables.includes('DMAR') ? 'DMAR' : tables.includes('IVRS') ? 'IVRS' : null
}

/** A chip name with the prefix `IR-` is one whose interrupts go through the remapping unit. */
function interruptRemapping(interrupts: Awaited<ReturnType<typeof readText>>): Facts['iommu']['interruptRemapping'] {
  if (isUnknown(interrupts)) return interrupts
  if (interrupts === null) return unknownBecause('/proc/interrupts is not there')
  return /\bIR-/u.test(interrupts)
}

async function gatherGroup(host: Host, name: string): Promise<IommuGroup | null> {
  const path = `${GROUPS}/${name}`
  const label = await readText(host, `${path}/name`)
  if (typeof label === 'string' && label.trim() === 'vfio-noiommu') return null
  const [type, devices, reserved] = await Promise.all([
    readText(host, `${path}/type`),
    listOrEmpty(host, `${path}/devices`),
    readText(host, `${path}/reserved_regions`),
  ])
  return {
    id: Number(name),
    type: typeof type === 'string' ? type.trim() : type,
    devices,
    reserved: isUnknown(reserved) ? reserved : parseReserved(reserved ?? ''),
  }
}

/** `0x00000000fee00000 0x00000000feefffff msi` (Documentation/ABI/testing/sysfs-kernel-iommu_groups). */
function parseReserved(text: string): { start: string; end: string; type: string }[] {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/u))
  return rows
    .filter((row) => row.length === 3)
    .map(([start, end, type]) => ({ start: start ?? '', end: end ?? '', type: type ?? '' }))
}
