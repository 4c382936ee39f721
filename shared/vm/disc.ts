import { z } from 'zod'
import { absolutePath } from './options/files.ts'

/** A VM's drives for discs, which it has where step 8 names a disc for them. */
export const DISC_DRIVES = ['install', 'drivers', 'answers'] as const
const discDrive = z.enum(DISC_DRIVES)
export type DiscDrive = z.infer<typeof discDrive>

export const DISC_DRIVE_WORDS: Readonly<Record<DiscDrive, string>> = {
  install: 'Installation disc',
  drivers: 'Driver disc',
  answers: 'Answers for Windows’ Setup',
}

/** What lies in a drive of a VM that is up; null: nothing. */
export const vmDisc = z.strictObject({ drive: discDrive, path: absolutePath.nullable() })
export type VmDisc = z.infer<typeof vmDisc>

/** The drive's name in QEMU. */
export function driveId(drive: DiscDrive): string {
  return `drive-${drive}`
}
