import { ProblemError } from '#shared/base/problem.ts'
import type { FileState, Ownership } from '#shared/base/system.ts'

const octal = (mode: number) => mode.toString(8).padStart(4, '0')

/**
 * Whether what is at `path` already is a directory as root makes it there, to the owner. False: it is root's, as when
 * making it was interrupted, and may be given to its owner. Throws `refused` for anything that root did not make so.
 */
export function isDirectoryOf(path: string, { kind, uid, mode }: FileState, wanted: Ownership): boolean {
  if (kind !== 'directory') throw unfit(path, `it is a ${kind}`, 'Look what it is, and move it away.')
  if (uid !== wanted.uid && uid !== 0)
    throw unfit(path, `it belongs to uid ${uid}`, 'Look who made it and what is in it, and move it away.')
  if ((mode & 0o777 & ~wanted.mode) !== 0)
    throw unfit(
      path,
      `its mode is ${octal(mode)}, not ${octal(wanted.mode)}`,
      `Look what is in it; then, as root: chmod ${octal(wanted.mode)} ${path}`,
    )
  return uid === wanted.uid
}

function unfit(path: string, why: string, hint: string): ProblemError {
  return new ProblemError('refused', `${path} is not used: ${why}.`, { hint })
}
