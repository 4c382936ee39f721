import { z } from 'zod'

/** A guest mounts a folder by its tag, which the device has 36 bytes for (virtio 1.2, 5.11.4). */
const folderTag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,35}$/u, 'a tag has 1 to 36 of A-Z, a-z, 0-9, _, . and -')

/** Of one line, and never all of the host. */
const sharedDirectory = z
  .string()
  .regex(/^\/[^/\p{Cc}\p{Zl}\p{Zp}][^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'an absolute path of a directory')

/** A folder keeps its number, and with it its place in the guest. */
export const FOLDERS = [1, 2, 3, 4] as const
const sharedFolder = z.strictObject({
  number: z.number().int().min(1).max(FOLDERS.length),
  directory: sharedDirectory,
  tag: folderTag,
  readOnly: z.boolean(),
})
export type SharedFolder = z.infer<typeof sharedFolder>

/** Directories of the host that the guest has too. */
export const sharedFolders = z
  .array(sharedFolder)
  .max(FOLDERS.length)
  .refine((list) => new Set(list.map(({ tag }) => tag)).size === list.length, {
    error: 'two folders cannot have the same tag',
  })
