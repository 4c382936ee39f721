import { type DiskSnapshot, PART_WORDS, type SnapshotPart } from '#shared/vm/disk-snapshots.ts'

/** Returns what a snapshot keeps, for a table: `Disk, UEFI settings, TPM`. */
export function keptWords({ parts, lacks }: DiskSnapshot): string {
  const short: Readonly<Record<SnapshotPart, string>> = { uefi: 'UEFI settings', tpm: 'TPM' }
  const kept = ['Disk', ...parts.map((part) => short[part])].join(', ')
  return lacks.length === 0 ? kept : `${kept}; not ${lacks.map((part) => PART_WORDS[part]).join(' and ')}`
}

/** Returns what going back leaves as it is, and what may come of that; null: everything goes back together. */
export function lackWords({ lacks }: DiskSnapshot): string | null {
  if (lacks.length === 0) return null
  const what = lacks.map((part) => PART_WORDS[part]).join(' and ')
  return `Not part of this snapshot, so left as now: ${what}. Where that does not fit the disk, Windows with BitLocker asks for its recovery key.`
}

/** Returns what goes back, in words: `the disk, the UEFI settings and the TPM`. */
export function backWords({ parts }: DiskSnapshot): string {
  const words = ['the disk', ...parts.map((part) => PART_WORDS[part])]
  return words.length === 1 ? 'the disk' : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
