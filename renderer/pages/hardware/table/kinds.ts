import type { DeviceRow } from '#shared/ipc/device-row.ts'

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

/** Returns whether a row is of the kind and holds every wanted word, in any of what it says. */
export function matches(row: DeviceRow, kind: Kind, wanted: string): boolean {
  if (kind !== 'all' && kindOf(row) !== kind) return false
  const text = Object.values(row)
    .filter((value) => typeof value === 'string' || typeof value === 'number' || Array.isArray(value))
    .join(' ')
    .toLowerCase()
  const words = wanted.toLowerCase().split(/\s+/u)
  return words.every((word) => text.includes(word))
}
