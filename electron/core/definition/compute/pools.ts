import { cachesOf, type Core } from './cores.ts'

/** Cores of a host by how well they suit a VM. */
export interface Pools {
  /** Every core that is switched on. */
  all: readonly Core[]
  /** The NUMA node that the card is in, where the host has more than one with processors. */
  node: number | null
  /** Those of that node; without one, all. */
  near: readonly Core[]
  /** Of these the performance cores, where there are two kinds. */
  fast: readonly Core[]
  /** As many of these as the host keeps for itself, the first one, where most interrupts arrive, among them. */
  kept: readonly Core[]
}

/** Sorts a host's cores for a VM whose card is in this NUMA node. */
export function poolsOf(all: readonly Core[], cardNode: number | null): Pools {
  const inNode = all.filter((core) => core[0]?.node === cardNode)
  const node = cardNode !== null && inNode.length > 0 && inNode.length < all.length ? cardNode : null
  const near = node === null ? all : inNode
  const quick = near.filter((core) => core[0]?.kind === 'performance')
  const fast = quick.length === 0 ? near : quick
  return { all, node, near, fast, kept: fast.slice(0, keptOf(all, near, fast)) }
}

/**
 * Looking Glass' documentation advises to leave the host two cores; a small host keeps one. Where the host has cores of
 * another node or another kind, one is for QEMU's own threads, and for the interrupts that arrive there.
 */
function keptOf(all: readonly Core[], near: readonly Core[], fast: readonly Core[]): number {
  if (fast.length < near.length) return fast.length > 2 ? 1 : 0
  if (near.length < all.length) return near.length > 1 ? 1 : 0
  if (all.length === 1) return 0
  return all.length < 6 ? 1 : 2
}

/** What a VM gets where nobody says how much: cores of one last-level cache, unless that is less than half of what it could have. */
export function decidedCores({ all, fast, kept }: Pools): readonly Core[] {
  const free = inOrder(
    fast.filter((core) => !kept.includes(core)),
    all,
  )
  const widest = Math.max(...free.map((cache) => cache.length))
  const best = free.find((cache) => cache.length === widest) ?? []
  const together = free.flat()
  return best.length * 2 >= together.length ? best : together
}

/** Cores that suit, the best first: within a pool those of one last-level cache come before those of two. */
export function candidates({ all, near, fast }: Pools): (readonly Core[])[] {
  const [first] = all
  const pools = [fast, near, all]
  return pools.flatMap((pool) => {
    const free = inOrder(
      pool.filter((core) => core !== first),
      all,
    )
    const narrowest = free.toSorted((one, other) => one.length - other.length)
    return [...narrowest.filter((cache) => !sharesWith(cache, first)), ...narrowest, free.flat(), pool]
  })
}

/** By last-level cache: those that the host's first core is not on, then the larger ones. */
function inOrder(cores: readonly Core[], [first]: readonly Core[]): Core[][] {
  const rank = (cache: readonly Core[]) => (sharesWith(cache, first) ? 1 : 0)
  return cachesOf(cores).sort((one, other) => rank(one) - rank(other) || other.length - one.length)
}

function sharesWith([one]: readonly Core[], other: Core | undefined): boolean {
  return one?.[0]?.cache === other?.[0]?.cache
}
