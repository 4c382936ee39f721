import { z } from 'zod'
import { orUnknown } from '#shared/base/unknown.ts'

/** What a disk image is, told by its own bytes: a name says nothing of it. What has no mark is raw. A directory is none. */
export const imageKind = z.enum(['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx', 'vhd', 'qed', 'qcow', 'luks', 'directory'])
export type ImageKind = z.infer<typeof imageKind>

/**
 * How the system on a disk starts, by its partition table: `both` has an EFI partition and code for BIOS, `none` no table
 * at all, `unknown` one that says neither, or one that cannot be read.
 */
export const startsBy = z.enum(['uefi', 'bios', 'both', 'none', 'unknown'])
export type StartsBy = z.infer<typeof startsBy>

/** The PCI expansion ROM in a file: where it begins, and for which devices each of its images is. */
const pciRom = z.strictObject({
  at: z.number().int(),
  images: z.array(
    z.strictObject({ vendorId: z.string(), deviceId: z.string(), code: z.enum(['bios', 'uefi', 'other']) }),
  ),
})
export type PciRom = z.infer<typeof pciRom>

/** A disk image, or the ROM of a card, as the VM's user finds it. */
export const imageFile = z.strictObject({
  kind: imageKind,
  /** Whether that user may write to it. */
  writable: z.boolean(),
  /** Images that it rests on, nearest first, as far as they could be followed. */
  backing: z.array(z.strictObject({ path: z.string(), there: z.boolean() })),
  startsBy,
  /** It lies on btrfs, which writes each block of it elsewhere. Not there: it does not, or this cannot be told. */
  copiedOnWrite: z.literal(true).optional(),
  /** Not there: the file holds none. */
  rom: pciRom.optional(),
  /** Not there: it is no program of Windows (PE). */
  windowsProgram: z.literal(true).optional(),
})
export type ImageFile = z.infer<typeof imageFile>

/** By path; null: no file is there. Unknown: the user may not read it. */
export const imageFiles = z.record(z.string(), orUnknown(imageFile.nullable()))
