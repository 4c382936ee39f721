import { z } from 'zod'
import { diskPath } from '#shared/facts/peripherals.ts'
import { absolutePath, imageFormat } from './files.ts'
import { blocked, decision, optionTopic } from './topic.ts'

const newDisk = z.strictObject({
  kind: z.literal('new'),
  format: imageFormat,
  sizeGiB: z.number().int().min(1).max(65_536),
})
const wholeDisk = z.strictObject({ kind: z.literal('device'), path: diskPath })

/** The system disk: an image this program makes, one that exists, or a whole disk of the host. */
const vmDisk = z.discriminatedUnion('kind', [
  newDisk,
  z.strictObject({ kind: z.literal('image'), format: imageFormat, path: absolutePath }),
  wholeDisk,
])
export type VmDisk = z.infer<typeof vmDisk>

/** The same as it is chosen. An image's format is read from its bytes; one that is given here counts before them. */
const chosenDisk = z.discriminatedUnion('kind', [
  newDisk,
  z.strictObject({ kind: z.literal('image'), format: imageFormat.optional(), path: absolutePath }),
  wholeDisk,
])
export type ChosenDisk = z.infer<typeof chosenDisk>

const discs = { installIso: absolutePath.nullable(), driverIso: absolutePath.nullable() }

/** The system disk, and the discs the system is installed from. */
export const disk = optionTopic({
  definition: { disk: vmDisk.nullable(), ...discs },
  choices: { disk: chosenDisk.nullable(), ...discs },
  initial: { disk: null, installIso: null, driverIso: null },
  view: {
    disk: decision,
    /** The format of an existing image where it is taken as another; null: it is taken as what it is. */
    imageFormat: imageFormat.nullable(),
    /** Whole disks of the host. */
    disks: z.array(z.strictObject({ path: diskPath.nullable(), title: z.string(), text: z.string(), blocked })),
  },
})
