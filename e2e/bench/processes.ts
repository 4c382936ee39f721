import { readdir, readFile } from 'node:fs/promises'

/** Clock ticks a second in /proc/PID/stat; the same on every architecture Linux runs on today (time(7)). */
const TICKS = 100

/** A process and all its descendants. One that ends in between is left out. */
async function family(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number)
  const stats = await Promise.all(pids.map((pid) => statOf(pid)))
  const children = (of: number): number[] =>
    stats.flatMap((stat) => (stat?.parent === of ? [stat.pid, ...children(stat.pid)] : []))
  return [root, ...children(root)]
}

/** The second field is the name in brackets and may hold blanks (proc_pid_stat(5)). */
async function statOf(pid: number): Promise<{ pid: number; parent: number; seconds: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number)
  return { pid, parent: Number(fields[1]), seconds: (user + system) / TICKS }
}

/** Processor time in seconds that the living members of a family have used so far. */
export async function cpuSeconds(root: number): Promise<number> {
  const stats = await Promise.all((await family(root)).map((pid) => statOf(pid)))
  return stats.reduce((sum, stat) => sum + (stat?.seconds ?? 0), 0)
}

/** Memory of a family in bytes, shared pages counted once (Pss in smaps_rollup, proc_pid_smaps(5)). */
export async function memoryBytes(root: number): Promise<{ bytes: number; processes: number }> {
  const pids = await family(root)
  const texts = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => 'Pss: 0 kB')),
  )
  const kilobytes = texts.map((text) => Number(/^Pss:\s+(\d+)/mu.exec(text)?.[1] ?? 0))
  return { bytes: kilobytes.reduce((sum, each) => sum + each, 0) * 1024, processes: pids.length }
}
