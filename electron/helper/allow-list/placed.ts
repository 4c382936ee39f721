import { mountOver, waysTo } from '#host/probe/image-place.ts'
import { newVmName } from '#shared/base/new-vm-name.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { othersMayChange } from '#shared/base/roots-alone.ts'
import type { System } from '#shared/base/system.ts'
import { type DiskPlace, placedImage } from '#shared/vm/options/disk-place.ts'

/**
 * Refuses an image that is not one of a VM's at this place, and a place in which others than root could put something
 * else. Who could would have root write, and give away, what they name.
 */
export async function assertPlaced(system: System, path: string, place: DiskPlace): Promise<void> {
  const { directory } = place
  const found = placedImage(path)
  if (found?.directory !== directory || !newVmName.safeParse(found.vm).success)
    throw refused(path, `it is no disk of a VM in ${directory}`)
  for (const part of waysTo(directory)) {
    const state = await system.state(part)
    if (state === null) throw refused(path, `${part} is not there`)
    const why = othersMayChange(state)
    if (why !== null) throw refused(path, `${part} ${why}`)
  }
  await assertMounted(system, path, place)
}

/**
 * Refuses a place that is not on the mount it was on. In an empty mount point an image would be made, or not found, that
 * is another one once the disk is mounted.
 */
export async function assertMounted(system: System, path: string, { directory, mount }: DiskPlace): Promise<void> {
  const now = await mountOver(system, directory)
  if (now?.point === mount) return
  const at = now === null ? 'the mounts of this host cannot be read' : `it is on what is mounted at ${now.point}`
  throw new ProblemError('conflict', `${path} is on what is mounted at ${mount}, and ${directory} is not: ${at}.`, {
    hint: `Mount what belongs at ${mount}, then try again.`,
  })
}

function refused(path: string, why: string): ProblemError {
  return new ProblemError('refused', `${path} is not made: ${why}.`, {
    hint: 'Nothing was changed. Check again: step 8 says which directories can be used.',
  })
}
