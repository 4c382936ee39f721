import { z } from 'zod'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'

/** Words that systemd's units, QEMU's options and a shell take as they stand; none of them is `..` or hidden. */
const WORDS = /^(?:\/[A-Za-z0-9_][A-Za-z0-9._+@-]*)+$/u
/** Where the system itself lives, or what a boot forgets: no place for a disk that is meant to stay. */
const SYSTEM = ['bin', 'boot', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'proc', 'run', 'sbin', 'sys', 'tmp', 'usr']
const NOT_BELOW = [...SYSTEM.map((name) => `/${name}`), DATA_DIRECTORY]

/** Directory of this program's own in such a directory. */
const OURS = 'passthrough-studio'

const plainPath = z
  .string()
  .max(200)
  .regex(WORDS, 'a path begins with / and has only letters, digits and . _ + @ - between its slashes')

/** A directory that the admin names, in which this program makes disk images. */
export const placeDirectory = plainPath.refine((path) => !isOfSystem(path), {
  error: 'the system itself lives there; name a directory for data, e.g. /srv/vms',
})

/** This program's own directory in /var/lib is root's, and none of an admin's. */
function isOfSystem(path: string): boolean {
  return NOT_BELOW.some((top) => isBelow(path, top)) || `${path}/${OURS}` === DATA_DIRECTORY
}

/** The same as it was when the image was made: `mount` is the mount point that it lies on. */
export const diskPlace = z
  .strictObject({ directory: placeDirectory, mount: z.union([z.literal('/'), plainPath]) })
  .refine(({ directory, mount }) => isBelow(directory, mount), { error: 'a place lies on its mount point' })
export type DiskPlace = z.infer<typeof diskPlace>

/** Returns whether a path is a directory or lies below it. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`)
}

/** Where images of a VM lie in such a directory: a directory of this program's own, so that nothing else is touched. */
export function placedHome(directory: string, vm: string): string {
  return `${directory}/${OURS}/${vm}`
}

const PLACED = new RegExp(`^(/.+)/${OURS}/([^/]+)/disk[2-4]?\\.(?:qcow2|raw)$`, 'u')

/** Returns the directory and the VM of an image that lies so; null: it does not. */
export function placedImage(path: string): { directory: string; vm: string } | null {
  const [, directory, vm] = PLACED.exec(path) ?? []
  return directory === undefined || vm === undefined ? null : { directory, vm }
}
