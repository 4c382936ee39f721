import type { VmDisk } from '#shared/vm/options/disk.ts'
import { vmPaths } from '#shared/vm/vm.ts'

/** Where a disk of a VM lies. */
export function diskFile(name: string, disk: VmDisk, number = 1): string {
  return disk.kind === 'new' ? `${vmPaths(name).disk}${number === 1 ? '' : number}.${disk.format}` : disk.path
}
