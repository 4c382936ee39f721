import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'

/** What lies in a directory of a VM's user, here or where earlier versions had it. Root reads and writes there too. */
const USERS_PLACE = new RegExp(`^${RUN_DIRECTORY}/(?:vms/)?[^/]+/[^/]+$`, 'u')

/** Returns whether a file lies in a directory that a VM's user may write to. */
export function isUsersFile(path: string): boolean {
  return USERS_PLACE.test(path)
}

/**
 * Opens a file of a VM's user for reading. That user can put a link there, a FIFO that nobody writes to, or another
 * name of a file only root may read: none of them is followed, waited for or read. The directory itself is root's to
 * replace, so the last part of the path is all there is to look at.
 */
export async function openUsersFile(path: string): Promise<FileHandle> {
  const directory = await lstat(dirname(path))
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const found = await file.stat()
  const theirs = directory.uid === 0 || (found.uid === directory.uid && found.nlink === 1)
  if (directory.isDirectory() && found.isFile() && theirs) return file
  await file.close()
  throw Object.assign(new Error(`${path} is no file of its directory’s owner`), { code: 'EINVAL' })
}

/** Makes an empty file in a directory of a VM's user, who owns it then. One that is there, or a link, stays as it is. */
export async function makeUsersFile(path: string): Promise<void> {
  const { uid, gid } = await lstat(dirname(path))
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    await file.chown(uid, gid)
  } finally {
    await file.close()
  }
}
