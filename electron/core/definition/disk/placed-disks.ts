import type { DiskPlace } from '#shared/vm/options/disk-place.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { drivesOf } from './disk-arguments.ts'
import { diskFile } from './disk-file.ts'

/** An image of this program's that lies at a place of the admin's. */
export interface PlacedDisk {
  number: number
  path: string
  sizeGiB: number
  place: DiskPlace
}

/** Returns the images of a VM that do not lie with its other files. */
export function placedDisks(definition: VmDefinition): PlacedDisk[] {
  return drivesOf(definition).flatMap(({ number, disk }) => {
    if (disk.kind !== 'new' || disk.place === undefined) return []
    const { place, sizeGiB } = disk
    return [{ number, path: diskFile(definition.name, disk, number), sizeGiB, place }]
  })
}
