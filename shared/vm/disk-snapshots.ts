import { z } from 'zod'

const NAME_RULE = 'A name has 1 to 40 letters, digits, dots, hyphens or underscores; it starts with a letter or digit.'
const NOT_DIGITS = 'A name of digits alone could be taken for the number qemu-img gives each snapshot; add a letter.'

/**
 * Name of a snapshot of a VM that is off: safe as an argument and as a directory. qemu-img takes numbers for a name as
 * well, and looks for them first (qemu-img(1), snapshot).
 */
export const snapshotName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/u, NAME_RULE)
  .refine((name) => !/^\d+$/u.test(name), NOT_DIGITS)

/** Why a new snapshot cannot have this name; null: it can. */
export function nameTrouble(name: string, taken: readonly string[]): string | null {
  const parsed = snapshotName.safeParse(name)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? NAME_RULE
  return taken.includes(name) ? `There is a snapshot “${name}” already.` : null
}

/** What of a VM can be in a snapshot. The disk always is. */
const snapshotPart = z.enum(['uefi', 'tpm'])
export type SnapshotPart = z.infer<typeof snapshotPart>

export const PART_WORDS: Readonly<Record<SnapshotPart, string>> = {
  uefi: 'the UEFI settings',
  tpm: 'the TPM',
}

const diskSnapshot = z.strictObject({
  name: z.string(),
  at: z.string(),
  /** Kept with it, besides the disk. */
  parts: z.array(snapshotPart),
  /** What the VM has now and the snapshot has not: going back leaves it as it is. */
  lacks: z.array(snapshotPart),
  /** Why it cannot be gone back to or deleted from here; null: it can. */
  barred: z.string().nullable(),
})
export type DiskSnapshot = z.infer<typeof diskSnapshot>

/** Room in bytes: what the image takes on the host with all its snapshots, and what is free where it lies. */
const imageRoom = z.strictObject({ path: z.string(), taken: z.number(), free: z.number() })
export type ImageRoom = z.infer<typeof imageRoom>

/** Snapshots of a VM that is off. `why`: none can be taken or gone back to just now, in words; null: all can. */
export const diskSnapshots = z.strictObject({
  why: z.string().nullable(),
  image: imageRoom.nullable(),
  list: z.array(diskSnapshot),
})
export type DiskSnapshots = z.infer<typeof diskSnapshots>

/** What to say of the room left; null: it suffices even when the guest overwrites all that a snapshot keeps. */
export function roomTrouble({ taken, free }: ImageRoom, size: (bytes: number) => string): string | null {
  if (free >= taken) return null
  return `${size(free)} are free where the image lies, which takes ${size(taken)}. A snapshot keeps what the guest overwrites later; when the disk of the host is full, QEMU pauses the guest.`
}
