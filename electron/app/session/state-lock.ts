import { randomUUID } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { pid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from '#host/file-reader.ts'
import { ProblemError } from '#shared/base/problem.ts'

/** Whoever writes the state is done within milliseconds; a disk that is asleep takes some seconds. */
const LIMIT_MS = 20_000

/**
 * Does something while no other program of this user does it under the same lock. The lock is a file with its owner's
 * process and the moment that began; one whose owner is gone is taken over. Throws `busy`.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = `${await identityOf(String(pid))} ${randomUUID()}\n`
  await take(path, mine)
  try {
    return await work()
  } finally {
    if ((await textOf(path)) === mine) await rm(path)
  }
}

async function take(path: string, mine: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  while (!(await create(path, mine))) {
    const owner = await textOf(path)
    if (owner !== null && !(await isAlive(owner))) await removeLeft(path, owner)
    else if (Date.now() > deadline)
      throw new ProblemError('busy', 'Another window or command of this program is saving choices.', {
        hint: `Wait until it is done. If none is there, remove ${path}.`,
      })
    else await sleep(10 + Math.random() * 20)
  }
}

/** The name appears with its content, so nobody meets a lock without an owner. */
async function create(path: string, mine: string): Promise<boolean> {
  const complete = `${path}.${randomUUID()}`
  const file = await open(complete, 'wx')
  try {
    await file.writeFile(mine)
    await link(complete, path)
    return true
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false
    throw thrown
  } finally {
    await file.close()
    await rm(complete)
  }
}

/** Of all who find the same lock left behind only one removes it, and never another that has taken its place. */
async function removeLeft(path: string, owner: string): Promise<void> {
  await withLock(`${path}.left`, async () => {
    if ((await textOf(path)) === owner) await rm(path)
  })
}

async function isAlive(owner: string): Promise<boolean> {
  const [process = ''] = owner.split(' ')
  return owner.startsWith(`${await identityOf(process)} `)
}

/** Process ids are given again: the moment a process began is the 22nd field (proc_pid_stat(5)), after its name. */
async function identityOf(process: string): Promise<string> {
  const stat = (await textOf(`/proc/${process}/stat`)) ?? ''
  const begun = stat.slice(stat.lastIndexOf(')')).split(' ')[20]
  return `${process} ${begun ?? 'gone'}`
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    // ESRCH: a process ended between open and read.
    if (['ENOENT', 'ESRCH'].includes(errnoOf(thrown))) return null
    throw thrown
  }
}
