import type { VmDisk } from '#shared/vm/options/disk.ts'
import { placedHome } from '#shared/vm/options/disk-place.ts'
import { vmPaths } from '#shared/vm/vm.ts'

/** Where a disk of a VM lies. */
export function diskFile(name: string, disk: VmDisk, number = 1): string {
  if (disk.kind !== 'new') return disk.path
  return newImage(name, { ...disk, place: disk.place?.directory }, number)
}

/** Where a new image of a VM lies that is made in a directory of the admin's; without one, with the VM's files. */
export function newImage(
  name: string,
  { format, place }: { format: string; place?: string | undefined },
  number: number,
): string {
  const home = place === undefined ? vmPaths(name).home : placedHome(place, name)
  return `${home}/disk${number === 1 ? '' : number}.${format}`
}
