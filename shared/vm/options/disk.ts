import { z } from 'zod'
import { diskPath } from '#shared/facts/peripherals.ts'
import { absolutePath, imageFormat } from './files.ts'
import { blocked, decision, optionTopic } from './topic.ts'

/** The system disk: an image this program makes, one that exists, or a whole disk of the host. */
const vmDisk = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('new'), format: imageFormat, sizeGiB: z.number().int().min(1).max(65_536) }),
  z.strictObject({ kind: z.literal('image'), format: imageFormat, path: absolutePath }),
  z.strictObject({ kind: z.literal('device'), path: diskPath }),
])
export type VmDisk = z.infer<typeof vmDisk>

const drives = { disk: vmDisk.nullable(), installIso: absolutePath.nullable(), driverIso: absolutePath.nullable() }

/** The system disk, and the discs the system is installed from. */
export const disk = optionTopic({
  definition: drives,
  choices: drives,
  initial: { disk: null, installIso: null, driverIso: null },
  view: {
    disk: decision,
    /** Whole disks of the host. */
    disks: z.array(z.strictObject({ path: diskPath.nullable(), title: z.string(), text: z.string(), blocked })),
  },
})
