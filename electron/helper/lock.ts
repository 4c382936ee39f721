import { readFile, rm, writeFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { errnoOf } from '#host/file-reader.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'

const LOCK = `${RUN_DIRECTORY}/helper.lock`

/** One helper at a time. A lock whose process is gone (killed) is taken over. */
export async function takeLock(system: System): Promise<() => Promise<void>> {
  await system.makeDirectory(RUN_DIRECTORY, { mode: 0o755, uid: 0, gid: 0 })
  try {
    await writeFile(LOCK, String(pid), { flag: 'wx', mode: 0o644 })
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown
    const holder = (await readFile(LOCK, 'utf8')).trim()
    const alive = (await system.list(`/proc/${holder}/task`)).kind === 'names'
    if (alive && holder !== '') {
      throw new ProblemError('busy', `Another change is being made (helper process ${holder}).`, {
        hint: 'Wait until it is done.',
      })
    }
    await writeFile(LOCK, String(pid), { mode: 0o644 })
  }
  return () => rm(LOCK, { force: true })
}
