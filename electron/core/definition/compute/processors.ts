import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice } from '../topic.ts'
import { type Core, coresOf, threadsOf } from './cores.ts'
import { listedCores } from './listed.ts'
import { candidates, decidedCores, type Pools, poolsOf } from './pools.ts'

/** The shape of a VM's processors. */
export interface Size {
  cores: number
  threads: number
}

/** What a VM gets of the host's processors. */
export interface Chosen {
  size: Size
  pools: Pools
  /** As many cores of the host as the VM has; none where so many cannot be set apart. */
  cores: readonly Core[]
  /** Why the host's processors that the admin named cannot be had; null: they can, or none were named. */
  problem: string | null
}

/**
 * Decides how many processors a VM has and which of the host's they are: whole cores, at least one of which stays with
 * the host, near the card, of the faster kind, on one last-level cache rather than two.
 */
export function chooseProcessors(facts: Facts, choice: Choice, card: UnitView | null): Chosen {
  const all = coresOf(isUnknown(facts.topology) ? [] : facts.topology)
  const pools = poolsOf(all, card?.functions[0]?.numaNode ?? null)
  const { processors, pin } = choice
  if (processors === null || pin === false) return { ...unlisted(facts, choice, pools), problem: null }
  const { cores, problem } = listedCores(processors, all)
  const found = problem === null ? firstFitting(sizes(choice, cores, cores), [cores], all) : null
  if (found !== null) return { ...found, pools, problem: null }
  return { ...unlisted(facts, choice, pools), problem: problem ?? 'They are fewer cores than the VM is to have.' }
}

function unlisted(facts: Facts, choice: Choice, pools: Pools): Omit<Chosen, 'problem'> {
  const { all, fast } = pools
  if (all.length === 0) {
    const size = sizes(choice, [], [])[0] ?? { cores: Math.max(1, facts.cpu.threads - 2), threads: 1 }
    return { size, pools, cores: [] }
  }
  const decided = decidedCores(pools)
  const wanted = sizes(choice, decided, fast)
  const auto = choice.vcpus === null && !isProof(choice)
  const found = firstFitting(wanted, auto ? [decided] : candidates(pools), all)
  return found === null ? { size: wanted[0] ?? { cores: 1, threads: 1 }, pools, cores: [] } : { ...found, pools }
}

/** Shapes that would do, the best first: cores with their threads, else as many cores of one thread. */
function sizes({ vcpus, profile }: Choice, decided: readonly Core[], fast: readonly Core[]): Size[] {
  const threads = threadsOf(fast)
  if (vcpus !== null)
    return [...(vcpus % threads === 0 ? [{ cores: vcpus / threads, threads }] : []), { cores: vcpus, threads: 1 }]
  if (isProof({ profile })) return [{ cores: 1, threads: 1 }]
  return decided.length === 0 ? [] : [{ cores: decided.length, threads: threadsOf(decided) }]
}

function firstFitting(wanted: readonly Size[], pools: readonly (readonly Core[])[], all: readonly Core[]) {
  for (const size of wanted) {
    if (size.cores >= all.length) continue
    for (const pool of pools) {
      const cores = pool.filter((core) => core.length >= size.threads).slice(0, size.cores)
      if (cores.length === size.cores) return { size, cores }
    }
  }
  return null
}
