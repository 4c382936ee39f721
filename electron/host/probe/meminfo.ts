/** Returns the host's memory in MiB, not rounded, from /proc/meminfo (proc(5)); 0 where it is not told. */
export function totalMemoryMiB(meminfo: string): number {
  return Number(/^MemTotal:\s+(\d+) kB/mu.exec(meminfo)?.[1] ?? '0') / 1024
}
