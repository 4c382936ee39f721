import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoOf } from '#host/file-reader.ts'

const WRITABLE_BY_GROUP = 0o020
const WRITABLE_BY_OTHERS = 0o002
/** Whoever may write to such a directory replaces only what is their own (chmod(1), restricted deletion). */
const STICKY = 0o1000

/**
 * Returns whether nobody but `owner` can change what a path leads to: the file itself, and every directory above it
 * below `top`. /nix/store is written to by the group that builds, and sticky. A path that leads nowhere is nobody's.
 */
export async function rootsAlone(path: string, owner = 0, top = '/'): Promise<boolean> {
  try {
    const real = await realpath(path)
    const above = directoriesOf(real, top)
    const states = await Promise.all([real, ...above].map((one) => stat(one)))
    return states.every((state) => state.uid === owner && !writableByOthers(state))
  } catch (thrown) {
    // Throws anew what is no answer of the kernel's.
    errnoOf(thrown)
    return false
  }
}

function directoriesOf(path: string, top: string): string[] {
  const above = dirname(path)
  return above === top || above === '/' ? [] : [above, ...directoriesOf(above, top)]
}

function writableByOthers(state: Stats): boolean {
  const isGuarded = state.isDirectory() && (state.mode & STICKY) !== 0
  return (state.mode & (isGuarded ? WRITABLE_BY_OTHERS : WRITABLE_BY_GROUP | WRITABLE_BY_OTHERS)) !== 0
}
