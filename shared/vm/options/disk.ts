import { z } from 'zod'
import { diskIo } from '#shared/facts/images/disk-io.ts'
import { diskPath } from '#shared/facts/peripherals.ts'
import { diskPlace, placeDirectory } from './disk-place.ts'
import { absolutePath, imageFormat } from './files.ts'
import { blocked, decision, optionTopic } from './topic.ts'

const newImage = { kind: z.literal('new'), format: imageFormat, sizeGiB: z.number().int().min(1).max(65_536) }
/** `place` not there: with the VM's own files, as earlier versions had it. */
const newDisk = z.strictObject({ ...newImage, place: diskPlace.optional() })
const chosenNew = z.strictObject({ ...newImage, place: placeDirectory.optional() })
const existingImage = z.strictObject({ kind: z.literal('image'), format: imageFormat, path: absolutePath })
const chosenImage = z.strictObject({ kind: z.literal('image'), format: imageFormat.optional(), path: absolutePath })
const wholeDisk = z.strictObject({ kind: z.literal('device'), path: diskPath })

/** A disk: an image this program makes, one that exists, or a whole disk of the host. */
const vmDisk = z.discriminatedUnion('kind', [newDisk, existingImage, wholeDisk])
export type VmDisk = z.infer<typeof vmDisk>

/** The same as it is chosen. An image's format is read from its bytes; one that is given here counts before them. */
const chosenDisk = z.discriminatedUnion('kind', [chosenNew, chosenImage, wholeDisk])
export type ChosenDisk = z.infer<typeof chosenDisk>

/** How the guest sees a disk. virtio needs a driver in the guest; SATA and NVMe every system has one for. */
export const diskBus = z.enum(['virtio-blk', 'virtio-scsi', 'sata', 'nvme'])
export type DiskBus = z.infer<typeof diskBus>

/** Of the disks beside the system disk, which is the first. A disk keeps its number, and with it file and place. */
const number = z.number().int().min(2).max(4)
export const MORE_DISKS = [2, 3, 4] as const
const moreDisk = z.strictObject({ number, bus: diskBus, disk: vmDisk })
const chosenMore = z.strictObject({ number, bus: diskBus, disk: chosenDisk })
export type ChosenMore = z.infer<typeof chosenMore>

const discs = { installIso: absolutePath.nullable(), driverIso: absolutePath.nullable() }

/** The system disk, and the discs the system is installed from. */
export const disk = optionTopic({
  definition: {
    disk: vmDisk.nullable(),
    ...discs,
    diskBus: diskBus.default('virtio-blk'),
    moreDisks: z.array(moreDisk).max(MORE_DISKS.length).default([]),
    /** Ways past QEMU's own threads that it may read a disk by; earlier versions had none. */
    diskIo: z.array(diskIo).default([]),
  },
  choices: {
    disk: chosenDisk.nullable(),
    ...discs,
    diskBus: diskBus.default('virtio-blk'),
    moreDisks: z.array(chosenMore).max(MORE_DISKS.length).default([]),
  },
  initial: { disk: null, installIso: null, driverIso: null },
  view: {
    disk: decision,
    /** The format of an existing image where it is taken as another; null: it is taken as what it is. */
    imageFormat: imageFormat.nullable(),
    buses: z.array(z.strictObject({ id: diskBus, title: z.string(), text: z.string(), blocked })),
    /** Whole disks of the host. */
    disks: z.array(z.strictObject({ path: diskPath.nullable(), title: z.string(), text: z.string(), blocked })),
  },
})
