import { z } from 'zod'
import { orUnknown } from '#shared/base/unknown.ts'

/** A directory on the way to a place, as lstat(2) shows it. `mode`: permissions alone, without the type. */
const wayPart = z.strictObject({
  path: z.string(),
  kind: z.enum(['directory', 'symlink', 'other']),
  uid: z.number().int(),
  gid: z.number().int(),
  mode: z.number().int(),
})
export type WayPart = z.infer<typeof wayPart>

/** A directory in which disk images are to be made. */
export const imagePlace = z.strictObject({
  /** The directories above it and itself, from the top; the first that is not there ends them. */
  ways: z.array(wayPart),
  /** The filesystem that it lies on. `type` as the kernel names it: ext4, nfs4, fuse.sshfs. */
  mount: z.strictObject({ point: z.string(), type: z.string(), readOnly: z.boolean() }),
  /** What may still be written to it; null: not told. */
  freeBytes: z.number().nullable(),
  /** A mount point of fstab(5) at or above it on which nothing is mounted; null: there is none. */
  unmounted: z.string().nullable(),
  /** Whether the filesystem is mounted at each boot, by fstab or as the root; false also where another way does it. */
  atBoot: z.boolean(),
})
export type ImagePlace = z.infer<typeof imagePlace>

/** By directory. One that is missing was not looked at. */
export const imagePlaces = z.record(z.string(), orUnknown(imagePlace))
