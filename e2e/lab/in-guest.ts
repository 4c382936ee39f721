import { join } from 'node:path'
import { labCache } from './image.ts'

const PROJECT = join(import.meta.dirname, '../..')

/** The runtime as the guest sees it: below the project (official) or below the cache (fallback). */
export function inGuest(executable: string): string {
  const mounts: readonly [string, string][] = [
    [labCache(), '/mnt/cache'],
    [PROJECT, '/mnt/project'],
  ]
  const mount = mounts.find(([outside]) => executable.startsWith(`${outside}/`))
  if (mount === undefined) throw new Error(`${executable} is not shared with the guest`)
  return `${mount[1]}${executable.slice(mount[0].length)}`
}
