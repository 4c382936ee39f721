import { capital } from '#shared/base/text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, LogicalCpu } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice } from '../topic.ts'

/** Memory for the proof guest: it unpacks the host's own initramfs and nothing else. */
const PROOF_MEMORY_MIB = 768

/** Half of the host's memory in whole GiB, because a VM with a passed device keeps all of it pinned. */
export function decideMemory(facts: Facts, choice: Choice): Decided<number> {
  if (choice.memoryMiB !== null) return { value: choice.memoryMiB, reason: 'As you chose.' }
  if (isProof(choice)) return { value: PROOF_MEMORY_MIB, reason: 'Enough to unpack this host’s initramfs.' }
  const value = Math.max(1, Math.floor(facts.memory.totalMiB / 2048)) * 1024
  return { value, reason: `Half of the host’s ${facts.memory.totalMiB} MiB: the card keeps all of it pinned.` }
}

export interface Processors {
  cores: number
  threads: number
}

/** Cores of the host, each with its threads, the VM can have without leaving the card's NUMA node or the host idle. */
export function decideProcessors(facts: Facts, choice: Choice, card: UnitView | null): Decided<Processors> {
  const cores = coresOf(isUnknown(facts.topology) ? [] : facts.topology)
  if (choice.vcpus !== null) return { value: chosen(choice.vcpus, cores), reason: 'As you chose.' }
  if (isProof(choice)) return { value: { cores: 1, threads: 1 }, reason: 'It runs one script.' }
  if (cores.length === 0) {
    const value = { cores: Math.max(1, facts.cpu.threads - 2), threads: 1 }
    return { value, reason: 'All but two; which of them share a core is not known here.' }
  }
  return fromTopology(cores, card?.functions[0]?.numaNode ?? null)
}

/** Logical processors by core, each core's in order, the core of the lowest processor first. */
export function coresOf(cpus: readonly LogicalCpu[]): LogicalCpu[][] {
  const cores = new Map<string, LogicalCpu[]>()
  for (const cpu of cpus) cores.set(cpu.core, [...(cores.get(cpu.core) ?? []), cpu])
  return [...cores.values()]
}

/** Every core shows as many threads as the least of them has: hybrid processors mix one and two. */
function threadsOf(cores: readonly LogicalCpu[][]): number {
  return Math.min(...cores.map((core) => core.length))
}

function chosen(vcpus: number, cores: readonly LogicalCpu[][]): Processors {
  const threads = cores.length === 0 ? 1 : threadsOf(cores)
  return vcpus % threads === 0 ? { cores: vcpus / threads, threads } : { cores: vcpus, threads: 1 }
}

function fromTopology(cores: LogicalCpu[][], node: number | null): Decided<Processors> {
  const near = cores.filter((core) => core[0]?.node === node)
  const inNode = node !== null && near.length > 0 && near.length < cores.length
  const usable = inNode ? near : cores
  // Cores of the other nodes stay with the host anyway.
  const kept = inNode ? 0 : hostShare(cores.length)
  const value = { cores: Math.max(1, usable.length - kept), threads: threadsOf(usable) }
  const where = inNode ? `the cores of NUMA node ${node}, where the card is` : `${value.cores} of ${cores.length} cores`
  const pairs = value.threads > 1 ? `, ${value.threads} threads each as on the host` : ''
  const caches = new Set(usable.map((core) => core[0]?.cache)).size
  const spread = caches > 1 ? ` They spread over ${caches} last-level caches.` : ''
  const rest = inNode ? '' : `; ${cores.length - value.cores} stay with the host`
  return { value, reason: `${capital(where)}${pairs}${rest}.${spread}` }
}

/** Looking Glass' documentation advises to leave the host two cores; a small host keeps one. */
function hostShare(cores: number): number {
  if (cores === 1) return 0
  return cores < 6 ? 1 : 2
}
