import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ChosenDisk, ChosenMore, VmDisk } from '#shared/vm/options/disk.ts'
import type { DiskPlace } from '#shared/vm/options/disk-place.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { withFormat } from './image-format.ts'

type Known = Pick<Facts, 'images' | 'places'>

/** Returns a disk as vm.json holds it: what was chosen, and what was read of it or is kept of what was `written`. */
export function settled(chosen: ChosenDisk, facts: Known, written: VmDisk | null | undefined): VmDisk {
  if (chosen.kind === 'image') return withFormat(chosen, facts, written)
  if (chosen.kind === 'device') return chosen
  const { place, ...image } = chosen
  return place === undefined ? image : { ...image, place: placeOf(place, facts, written) }
}

/** The same for a disk beside the system disk. */
export function settledMore({ number, bus, disk }: ChosenMore, facts: Known, written: VmDefinition | null) {
  const former = written?.moreDisks.find((one) => one.number === number)?.disk
  return { number, bus, disk: settled(disk, facts, former) }
}

/** Its mount point is kept as it was written: where nothing is mounted any more, the directory is another one. */
function placeOf(directory: string, { places }: Known, written: VmDisk | null | undefined): DiskPlace {
  const former = written?.kind === 'new' ? written.place : undefined
  if (former?.directory === directory) return former
  const found = places[directory]
  return { directory, mount: found === undefined || isUnknown(found) ? '/' : found.mount.point }
}

/** Returns the choice that leads to a disk of vm.json. */
export function chosenOf(disk: VmDisk): ChosenDisk {
  if (disk.kind !== 'new') return disk
  const { place, ...image } = disk
  return place === undefined ? image : { ...image, place: place.directory }
}
