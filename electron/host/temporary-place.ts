import { chmod, chown, mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { note } from './log.ts'

/** A directory of a user's that lasts as long as it is needed. */
export interface TemporaryPlace {
  directory: string
  remove(): Promise<void>
}

/**
 * Makes a directory in one of ours, so that its path stays the same whatever is done inside. `user`: whose it is, which
 * only root can give away; null: it is ours as well.
 */
export async function makePlace(user: { uid: number; gid: number } | null): Promise<TemporaryPlace> {
  const ours = await mkdtemp(join(tmpdir(), 'passthrough-studio-'))
  const directory = join(ours, 'run')
  await mkdir(directory, { mode: 0o700 })
  if (user !== null) {
    await chmod(ours, 0o711)
    await chown(directory, user.uid, user.gid)
  }
  return {
    directory,
    remove: () => (user === null ? rm(ours, { recursive: true, force: true }) : clear(ours, directory)),
  }
}

/** How often, and how far apart, a directory is emptied to which a program that was just ended still wrote. */
const TRIES = 60
const PAUSE_MS = 50

/**
 * Takes away the files that lie directly in a user's directory, and the directory. Root goes no deeper: what was a
 * directory a moment ago may be a link by now, and what is behind it somebody else's.
 */
async function clear(ours: string, directory: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      for (const name of await readdir(directory)) await rm(join(directory, name), { force: true })
      await rmdir(directory)
      await rmdir(ours)
      return
    } catch (thrown) {
      if (tries === TRIES) {
        note(`${ours} is left: ${String(thrown)}`)
        return
      }
      await sleep(PAUSE_MS)
    }
  }
}
