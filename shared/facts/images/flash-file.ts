import { z } from 'zod'
import { orUnknown } from '#shared/base/unknown.ts'

/**
 * A flash image of UEFI, code or variables: as many bytes as the guest sees of it, which of a qcow2 is not the length of
 * its file. `sha256`: of the file; null: it is a VM's own store, which changes with each start.
 */
export const flashFile = z.strictObject({ bytes: z.number().int(), sha256: z.string().nullable() })
export type FlashFile = z.infer<typeof flashFile>

/** By path; null: it is not there. A path that is missing was not looked at. */
export const flashFiles = z.record(z.string(), orUnknown(flashFile.nullable()))
