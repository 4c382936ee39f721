import { diskFile } from '#core/definition/disk/disk-file.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { DiskSnapshots } from '#shared/vm/disk-snapshots.ts'
import { nameTrouble } from '#shared/vm/disk-snapshots.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

/** Snapshots of a VM that is off. Each change looks again whether it is, and throws `refused` with the reason if not. */
export interface VmSnapshots {
  list(definition: VmDefinition): Promise<DiskSnapshots>
  take(definition: VmDefinition, name: string): Promise<void>
  /** Keeps the present state as a snapshot first; returns that one's name. */
  goBack(definition: VmDefinition, name: string): Promise<string>
  remove(definition: VmDefinition, name: string): Promise<void>
}

/**
 * savevm refuses devices whose state cannot be migrated (QEMU, docs/devel/migration/vfio.rst), and a snapshot of the
 * disk alone would tear it out of the guest's hands.
 */
export const VM_IS_ON =
  'Not while the VM is on: what goes on inside the passed card cannot be saved, so QEMU refuses. Shut it down first.'

/** Returns the qcow2 image a VM's snapshots would lie in, or why there is none. */
export function snapshotImage({ name, disk }: VmDefinition): { path: string } | { why: string } {
  if (disk === null) return { why: 'This VM has no disk, so there is nothing to keep.' }
  if (disk.kind === 'device')
    return { why: `The VM has the whole disk ${disk.path}, and only an image can keep snapshots.` }
  const path = diskFile(name, disk)
  if (disk.format === 'raw')
    return { why: `${path} is a raw image, which cannot keep snapshots; qcow2 can. A copy of it can be kept by hand.` }
  return { path }
}

/** Name of the snapshot that is taken before going back, unlike all that are there. */
export function nameBefore(now: Date, taken: readonly string[]): string {
  const moment = now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').replace('T', '-')
  const names = ['', '.2', '.3', '.4'].map((more) => `before-going-back-${moment}${more}`)
  return names.find((name) => !taken.includes(name)) ?? `before-${now.getTime()}`
}

/** Throws what prevents every change of these snapshots. */
export function assertChangeable({ why }: DiskSnapshots): void {
  if (why !== null) throw new ProblemError('refused', why, { hint: 'Nothing was changed.' })
}

export function assertNewName(name: string, { list }: DiskSnapshots): void {
  const trouble = nameTrouble(
    name,
    list.map((one) => one.name),
  )
  if (trouble !== null) throw new ProblemError('usage', trouble, { hint: 'Choose another name.' })
}

/** Throws unless there is one snapshot of that name that may be touched from here. */
export function assertThere(name: string, { list }: DiskSnapshots): void {
  const found = list.find((one) => one.name === name)
  if (found === undefined)
    throw new ProblemError('not-found', `There is no snapshot “${name}” any more.`, { hint: 'Look at the list again.' })
  if (found.barred !== null) throw new ProblemError('refused', found.barred, { hint: 'Nothing was changed.' })
}
