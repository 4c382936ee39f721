import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'

const MIB = 1_048_576
const MARGIN = 64 * MIB
/** An EFI system partition may have 100 MB in all, and its files are replaced one at a time. */
const SMALL_MARGIN = 4 * MIB

/** There must be room for the copies and for the new files, wherever they lie, or nothing is begun. */
export async function assertRoom(system: System, outputs: readonly string[]): Promise<void> {
  for (const [place, bytes] of await needs(system, outputs)) {
    const free = await system.freeBytes(place)
    if (free >= bytes) continue
    throw new ProblemError(
      'disk-full',
      `${place} has ${Math.floor(free / MIB)} MiB free; keeping the old images and building new ones takes ${Math.ceil(bytes / MIB)} MiB.`,
      { hint: `Make room on ${place}, then apply again. Nothing was changed.` },
    )
  }
}

/** Bytes needed by directory: all copies in /var, all new images in /boot, elsewhere the largest new file. */
async function needs(system: System, outputs: readonly string[]): Promise<Map<string, number>> {
  const needed = new Map([
    ['/var', MARGIN],
    ['/boot', MARGIN],
  ])
  const add = (place: string, bytes: number) => needed.set(place, (needed.get(place) ?? 0) + bytes)
  for (const path of outputs) {
    const size = (await system.bytes(path))?.length ?? 0
    const directory = path.slice(0, path.lastIndexOf('/'))
    add('/var', size)
    if (directory === '/boot') add('/boot', size)
    else if ((await system.state(directory)) !== null)
      needed.set(directory, Math.max(needed.get(directory) ?? 0, size + SMALL_MARGIN))
  }
  return needed
}
