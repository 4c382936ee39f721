import { readdir, readFile, readlink } from 'node:fs/promises'

export interface Process {
  pid: number
  parent: number
  /** Its command line, words set off by blanks. */
  words: string
  /** 2: it may do only what a filter lets through (proc_pid_status(5)). */
  seccomp: number
  /** Equal in processes that see each other. */
  pidNamespace: string
}

/** Null: it has ended meanwhile. */
async function processOf(pid: number): Promise<Process | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const number = (field: string) => Number(new RegExp(`^${field}:\\s*(\\d+)`, 'mu').exec(status)?.[1])
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
    const pidNamespace = await readlink(`/proc/${pid}/ns/pid`)
    return { pid, parent: number('PPid'), words, seccomp: number('Seccomp'), pidNamespace }
  } catch {
    return null
  }
}

/** All that came of a process, without itself. */
export async function descendants(pid: number): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number)
  const all = (await Promise.all(pids.map(processOf))).filter((one) => one !== null)
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(pid)
}
