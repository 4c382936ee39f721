/** What proc_pid_stat(5) says of a process or thread, as far as it is of use here. */
export interface ProcessStat {
  /** User and kernel time so far. */
  busyMs: number
  /** After boot, of the process. */
  startMs: number
  /** Logical processor it ran on last. */
  lastOn: number
}

/** The kernel gives these times in units of USER_HZ, which is 100 a second on x86 (time(7)). */
const MS_A_TICK = 10

/** Reads /proc/PID/stat; the name in parentheses may itself hold blanks and parentheses. Null: another format. */
export function parseStat(text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // Fields of the man page count from 1; the first after the name is number 3.
  const [utime, stime, start, processor] = [14, 15, 22, 39].map((number) => Number(fields[number - 3] ?? NaN))
  if (utime === undefined || stime === undefined || start === undefined || processor === undefined) return null
  if (![utime, stime, start, processor].every(Number.isFinite)) return null
  return { busyMs: (utime + stime) * MS_A_TICK, startMs: start * MS_A_TICK, lastOn: processor }
}

/** Returns a field of /proc/PID/status; null: it is not there. */
export function statusField(text: string, name: string): string | null {
  return new RegExp(`^${name}:\\s*(.+)$`, 'mu').exec(text)?.[1] ?? null
}
