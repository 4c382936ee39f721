import { constants } from 'node:fs'
import { access, lstat, readFile, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Bits of st_mode (inode(7)): writable by group or others, and the sticky bit. */
const WRITABLE = 0o022
const STICKY = 0o1000

/** Returns whether an object is root's and nobody else may write to it. A symbolic link is nobody's. */
export async function isRootsAlone(path: string): Promise<boolean> {
  const { uid, mode } = await lstat(path)
  return uid === 0 && (mode & WRITABLE) === 0
}

/**
 * Returns the first directory above `path` in which others than root may rename things, or null. In a sticky directory
 * nobody may rename what is not theirs (inode(7)).
 */
export async function openedAbove(path: string): Promise<string | null> {
  for (let at = await realpath(dirname(path)); ; at = dirname(at)) {
    const { uid, mode } = await lstat(at)
    if (uid !== 0 || ((mode & WRITABLE) !== 0 && (mode & STICKY) === 0)) return at
    if (at === '/') return null
  }
}

/** Returns whether only root can put something else at `path`, which is no symbolic link. */
export async function onlyRootCanReplace(path: string): Promise<boolean> {
  return (await isRootsAlone(path)) && (await openedAbove(path)) === null
}

/** Returns whether even root cannot write there: the mount that holds `path` is read-only (proc(5), mountinfo). */
async function isReadOnly(path: string): Promise<boolean> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' '))
  const over = mounts.filter(
    ([, , , , point = '']) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`),
  )
  const holding = over.sort(([, , , , a = ''], [, , , , b = '']) => b.length - a.length)[0]
  return (holding?.[5] ?? '').split(',').includes('ro')
}

/** Returns the first directory that is there and that root can write to; null: none. */
export async function firstWritable(directories: readonly string[]): Promise<string | null> {
  for (const directory of directories) {
    const there = await access(directory, constants.F_OK).then(
      () => true,
      () => false,
    )
    if (there && !(await isReadOnly(await realpath(directory)))) return directory
  }
  return null
}
