import { fullAddress, type PastedDevice } from './paste-row.ts'

/** What a paste quotes beside listings. null: it does not. */
export interface Extras {
  /** Functions that only the kernel log or a list of group links names. */
  devices: PastedDevice[]
  cmdline: string | null
  cpuinfo: string | null
  interrupts: string | null
  acpiTable: 'DMAR' | 'IVRS' | null
  bootVga: string | null
}

const BDF = '(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]'
const ADDRESS = `(${BDF})`
const CMDLINE = /(?:^(BOOT_IMAGE=.*)|(?:Kernel command line|Command line): (.*))$/u
/** `pci 0000:01:00.0: [10de:1c03] type 00 class 0x030000` (kernel drivers/pci/probe.c). */
const PROBED = new RegExp(`pci ${ADDRESS}: \\[([0-9a-f]{4}):([0-9a-f]{4})\\] type \\S+ class 0x([0-9a-f]{6})`, 'iu')
/** Kernel 4.20 reworded `iommu: Adding device X to group N` to `X: Adding to iommu group N`. */
const GROUPED = [
  new RegExp(`(?<address>${BDF}): Adding to iommu group (?<group>\\d+)`, 'iu'),
  new RegExp(`Adding device (?<address>${BDF}) to group (?<group>\\d+)`, 'iu'),
  new RegExp(`/iommu_groups/(?<group>\\d+)/devices/(?<address>${BDF})`, 'iu'),
]
const BOOT_VGA = [
  new RegExp(`${ADDRESS}: vgaarb: setting as boot VGA device`, 'iu'),
  new RegExp(`vgaarb: setting as boot device: PCI:${ADDRESS}`, 'iu'),
]

/** Kernel log lines, /proc/cmdline, /proc/cpuinfo, /proc/interrupts and links of groups in a paste. */
export function readExtras(lines: readonly string[]): Extras {
  const cmdlines = lines.map((line) => CMDLINE.exec(line)).filter((found) => found !== null)
  return {
    devices: lines.flatMap(loggedDevice),
    cmdline: cmdlines.map((found) => (found[1] ?? found[2] ?? '').trim()).at(-1) ?? null,
    cpuinfo: cpuinfo(lines),
    interrupts: interrupts(lines),
    acpiTable: acpiTable(lines),
    bootVga: bootVga(lines),
  }
}

function loggedDevice(line: string): PastedDevice[] {
  const probed = PROBED.exec(line)
  if (probed !== null) {
    const [address = '', vendorId = '', deviceId = '', classId = ''] = probed.slice(1)
    return [{ ...nothing(address), vendorId, deviceId, classCode: classId.slice(0, 4) }]
  }
  const found = GROUPED.map((pattern) => pattern.exec(line)?.groups).find((groups) => groups !== undefined)
  return found === undefined ? [] : [{ ...nothing(found['address'] ?? ''), group: Number(found['group']) }]
}

function nothing(address: string): PastedDevice {
  return {
    ...{ address: fullAddress(address), classCode: '', vendorId: '', deviceId: '', subsystem: '', revision: '' },
    ...{ name: '', driver: null, group: null, secondaryBus: null },
  }
}

/**
 * Returns the header of the table in the kernel log; a firmware without the table prints none, so absence proves
 * nothing.
 */
function acpiTable(lines: readonly string[]): Extras['acpiTable'] {
  const table = lines.map((line) => /ACPI: (DMAR|IVRS) 0x/u.exec(line)?.[1]).find((name) => name !== undefined)
  return table === 'DMAR' || table === 'IVRS' ? table : null
}

/** The last word of the VGA arbiter counts: a later card can take the role over. */
function bootVga(lines: readonly string[]): string | null {
  const found = lines.flatMap((line) => BOOT_VGA.flatMap((pattern) => pattern.exec(line)?.[1] ?? []))
  const last = found.at(-1)
  return last === undefined ? null : fullAddress(last)
}

function cpuinfo(lines: readonly string[]): string | null {
  const rows = lines.filter((line) => /^(processor|vendor_id|model name|flags)\s*:/u.test(line))
  if (!rows.some((row) => /^processor\s*:\s*\d+$/u.test(row))) return null
  return rows
    .map((row) => (row.startsWith('processor') ? `\n${row}` : row))
    .join('\n')
    .trimStart()
}

function interrupts(lines: readonly string[]): string | null {
  const rows = lines.filter((line) => /^\s*\d+:\s+\d+.*\b(?:PCI-MSI|IO-APIC|DMAR|MSI)/u.test(line))
  return rows.length === 0 ? null : `${rows.join('\n')}\n`
}
