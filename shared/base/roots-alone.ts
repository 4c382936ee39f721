import type { FileState } from './system.ts'

/** Returns why others than root could put something else at a path, or below it, in words; null: nobody could. */
export function othersMayChange({ kind, uid, mode }: Pick<FileState, 'kind' | 'uid' | 'mode'>): string | null {
  if (kind === 'symlink') return 'is a symbolic link'
  if (kind !== 'directory') return 'is no directory'
  if (uid !== 0) return 'does not belong to root'
  // Where an access control list lets somebody write, its bits are the group's (acl(5)), whosever the group is.
  return (mode & 0o022) === 0 ? null : 'may be written to by others than root'
}
