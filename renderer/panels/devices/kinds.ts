import type { DeviceRow } from '../../../shared/window/device-row.ts'

export const KINDS = ['all', 'graphics', 'storage', 'network', 'usb', 'bridges', 'other'] as const
export type Kind = (typeof KINDS)[number]

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  all: 'All',
  graphics: 'Graphics and sound',
  storage: 'Storage',
  network: 'Network',
  usb: 'USB',
  bridges: 'Bridges',
  other: 'Other',
}

const PATTERNS: readonly [Exclude<Kind, 'all' | 'other'>, RegExp][] = [
  ['graphics', /VGA|3D|display|audio/u],
  ['storage', /SCSI|IDE|RAID|SATA|NVMe/u],
  ['network', /Ethernet|network/u],
  ['usb', /USB/u],
  ['bridges', /bridge/u],
]

export function kindOf(row: Pick<DeviceRow, 'kind'>): Exclude<Kind, 'all'> {
  return PATTERNS.find(([, pattern]) => pattern.test(row.kind))?.[0] ?? 'other'
}

/** Whether a row is of the kind and holds every wanted word, in any of what it says. */
export function matches(row: DeviceRow, kind: Kind, wanted: string): boolean {
  if (kind !== 'all' && kindOf(row) !== kind) return false
  const text = Object.values(row)
    .filter((value) => typeof value === 'string' || typeof value === 'number' || Array.isArray(value))
    .join(' ')
    .toLowerCase()
  const words = wanted.toLowerCase().split(/\s+/u)
  return words.every((word) => text.includes(word))
}

/** Bytes in the largest unit that leaves at least 1: `256 MiB`. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power] ?? ''}`
}
