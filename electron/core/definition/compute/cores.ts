import type { LogicalCpu } from '#shared/facts/compute/processors.ts'

/** The logical processors of one core of the host, lowest first. */
export type Core = readonly LogicalCpu[]

/** Logical processors by core, the core of the lowest processor first. */
export function coresOf(cpus: readonly LogicalCpu[]): Core[] {
  const cores = new Map<string, LogicalCpu[]>()
  for (const cpu of cpus) cores.set(cpu.core, [...(cores.get(cpu.core) ?? []), cpu])
  return [...cores.values()]
}

/** Cores by the last-level cache they share; those of a kernel that tells none count as sharing one. */
export function cachesOf(cores: readonly Core[]): Core[][] {
  const caches = new Map<string | null, Core[]>()
  for (const core of cores) {
    const cache = core[0]?.cache ?? null
    caches.set(cache, [...(caches.get(cache) ?? []), core])
  }
  return [...caches.values()]
}

/** How many threads each of them can show: processors with two kinds of cores mix one and two. */
export function threadsOf(cores: readonly Core[]): number {
  return cores.length === 0 ? 1 : Math.min(...cores.map((core) => core.length))
}

/** The ids of their logical processors. */
export function idsOf(cores: readonly Core[]): number[] {
  return cores.flatMap((core) => core.map((cpu) => cpu.id))
}
