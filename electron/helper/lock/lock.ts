import { constants } from 'node:fs'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { lockFile } from '#host/exec/lock-file.ts'
import { errnoOf } from '#host/file-reader.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'

/** Only root may open it: whoever has a file open, for reading too, can lock it. It stays where it is. */
const HELD = 'helper.held'
/** Tells people, and the guard of a network, whose it is: a process id. It decides nothing. */
export const HOLDER = 'helper.lock'

/**
 * One helper at a time, by a lock of the kernel's that ends with its holder, however that ends. Throws `busy`. Returns
 * what lets go of it.
 */
export async function takeLock(system: System, directory = RUN_DIRECTORY): Promise<() => Promise<void>> {
  await system.makeDirectory(directory, { mode: 0o755, uid: 0, gid: 0 })
  const [held, holder] = [`${directory}/${HELD}`, `${directory}/${HOLDER}`]
  const file = await open(held, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    if (!(await lockFile(file))) throw busy(await holderIn(holder))
    await rm(holder, { force: true })
    await writeFile(holder, String(pid), { flag: 'wx', mode: 0o644 })
  } catch (thrown) {
    await file.close()
    throw thrown
  }
  return async () => {
    await rm(holder, { force: true })
    await file.close()
  }
}

function busy(holder: string): ProblemError {
  return new ProblemError('busy', `Another change is being made${holder}.`, { hint: 'Wait until it is done.' })
}

/** Who is at work, as far as that is noted yet. */
async function holderIn(path: string): Promise<string> {
  try {
    return ` (helper process ${(await readFile(path, 'utf8')).trim()})`
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown
    return ''
  }
}
