import { z } from 'zod'

/** Length and last write of a file: tells two versions of it apart without reading it. */
export const fileStamp = z.strictObject({ bytes: z.number(), modified: z.string() })
export type FileStamp = z.infer<typeof fileStamp>
