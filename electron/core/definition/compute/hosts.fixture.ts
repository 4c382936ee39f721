import type { LogicalCpu } from '#shared/facts/compute/processors.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'

/** Cores of one kind, one after the other. */
interface Cores {
  count: number
  threads: number
  /** Last-level cache and NUMA node, by number. */
  cache: number
  node?: number
  kind?: LogicalCpu['kind']
}

/**
 * Logical processors of a host, as the kernel lists them. `numbered`: whether the threads of a core follow each other
 * (Intel's hybrids), or all first threads come before all second ones (AMD, and Intel's servers).
 */
export function processorsOf(groups: readonly Cores[], numbered: 'by core' | 'by thread'): LogicalCpu[] {
  const cores = groups.flatMap((group) => Array.from({ length: group.count }, () => group))
  const firsts = cores.length
  let next = 0
  const ids = cores.map(({ threads }, core) =>
    Array.from({ length: threads }, (_, thread) => (numbered === 'by core' ? next++ : core + thread * firsts)),
  )
  return cores
    .flatMap(({ cache, node = 0, kind = null }, core) =>
      (ids[core] ?? []).map((id) => ({
        id,
        core: (ids[core] ?? []).join(','),
        cache: `cache ${cache}`,
        node,
        kind,
      })),
    )
    .sort((one, other) => one.id - other.id)
}

/** Processors of real models: what lscpu -e and /sys/devices/cpu_core tell of them. */
export const MODELS = {
  'i9-13900K': processorsOf(
    [
      { count: 8, threads: 2, cache: 0, kind: 'performance' },
      { count: 16, threads: 1, cache: 0, kind: 'efficiency' },
    ],
    'by core',
  ),
  'Ryzen 9 7950X3D': processorsOf(
    [
      { count: 8, threads: 2, cache: 0 },
      { count: 8, threads: 2, cache: 1 },
    ],
    'by thread',
  ),
  'two Xeon Gold 6226R': processorsOf(
    [
      { count: 16, threads: 2, cache: 0, node: 0 },
      { count: 16, threads: 2, cache: 1, node: 1 },
    ],
    'by thread',
  ),
  'Ryzen 7 5700U': processorsOf(
    [
      { count: 4, threads: 2, cache: 0 },
      { count: 4, threads: 2, cache: 1 },
    ],
    'by thread',
  ),
  'Ryzen 5 5600G': processorsOf([{ count: 6, threads: 2, cache: 0 }], 'by thread'),
} as const

/** Facts of a host with these processors, as far as anything of them is decided from. */
export function factsWith(topology: readonly LogicalCpu[], nodesMiB: readonly number[] = [65_536]): Facts {
  const nodes = nodesMiB.map((totalMiB, id) => ({ id, totalMiB }))
  const totalMiB = nodesMiB.reduce((sum, each) => sum + each, 0)
  const memory = { totalMiB, hugePages: null, gigantic: null, nodes }
  return { topology: [...topology], cpu: { threads: topology.length }, memory } as Facts
}

/** A card in this NUMA node; null: its host tells none. */
export function cardIn(numaNode: number | null): UnitView {
  return { functions: [{ numaNode }] } as UnitView
}
