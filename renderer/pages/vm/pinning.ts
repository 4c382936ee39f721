import type { HostThread, VcpuUsage } from '#shared/vm/usage.ts'

/** Threads by the core they belong to, in the host's order. */
export function coresOf(threads: readonly HostThread[]): HostThread[][] {
  const cores = new Map<string, HostThread[]>()
  for (const thread of threads) cores.set(thread.core, [...(cores.get(thread.core) ?? []), thread])
  return [...cores.values()]
}

/** Returns whether any virtual processor is kept from some of the host's threads. */
export function isPinned(vcpus: readonly VcpuUsage[], threads: readonly HostThread[]): boolean {
  return vcpus.some(({ allowed }) => threads.some(({ id }) => !allowed.includes(id)))
}

/** Returns what the picture shows, in words. */
export function pinningWords(vcpus: readonly VcpuUsage[], threads: readonly HostThread[]): string {
  if (!isPinned(vcpus, threads))
    return `Not pinned: each of the ${vcpus.length} vCPUs may run on any of ${threads.length} threads. Shown is where each ran last.`
  const single = vcpus.filter(({ allowed }) => allowed.length === 1)
  const alone = new Set(single.map(({ allowed }) => allowed[0])).size
  if (alone === vcpus.length) return `Pinned: each of the ${alone} vCPUs has a thread of the host to itself.`
  return `Confined: the ${vcpus.length} vCPUs may run on the marked threads only, ${single.length} of them on one each.`
}
