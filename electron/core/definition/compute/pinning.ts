import { plural } from '#shared/base/text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, LogicalCpu } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { VmPinning } from '#shared/vm/options/compute.ts'
import type { Decided } from '../decided.ts'
import type { Choice } from '../topic.ts'
import { coresOf, type Processors } from './size.ts'

/** On fewer the host's own work and the guest's get into each other's way whatever is pinned. */
const WORTH_IT = 4

/**
 * Which logical processor each virtual one stays on: whole cores, those of the card's NUMA node first, a guest core's
 * threads on one host core. The first core, where most interrupts arrive, stays with the host if any other will do.
 */
export function decidePinning(
  facts: Facts,
  choice: Choice,
  card: UnitView | null,
  processors: Processors,
): Decided<VmPinning | null> {
  const cores = coresOf(isUnknown(facts.topology) ? [] : facts.topology)
  const not = whyNot(choice, cores.length)
  if (not !== null) return { value: null, reason: not }
  const chosen = chooseCores(cores, processors, card?.functions[0]?.numaNode ?? null)
  if (chosen !== null)
    return { value: pinningOf(cores, chosen, processors.threads), reason: words(cores.length - chosen.length) }
  const reason = `${processors.cores} of ${cores.length} cores cannot be set apart: one has to stay with the host.`
  return { value: null, reason }
}

/** Why the pinned processors cannot be set apart from the rest of the host; null: they can. */
export function cpuIsolationBlocked({ network }: Pick<Facts, 'network'>, pinning: VmPinning | null): string | null {
  if (pinning === null) return 'Needs pinned processors.'
  return network.systemd ? null : 'systemd does this, and does not run here.'
}

export function decideSetApart(facts: Facts, { setApart }: Pick<Choice, 'setApart'>, pinning: VmPinning | null) {
  return setApart && cpuIsolationBlocked(facts, pinning) === null
}

/** What the tick in step 8 says. */
export const SET_APART_REASON =
  'Other programs of this host keep off the pinned processors while the VM runs, so that nothing makes the guest wait; they have the rest to themselves.'

function whyNot({ pin, profile }: Choice, cores: number): string | null {
  if (pin === false) return 'As you chose.'
  if (cores === 0) return 'Which processors share a core is not known here.'
  if (pin === true) return null
  if (profile === 'proof-guest') return 'It runs one script.'
  if (cores >= WORTH_IT) return null
  return `This host has ${plural(cores, 'core')}; pinning pays from ${WORTH_IT}.`
}

/** The narrowest pool that has enough: the card's node before others, and with the host's first core only if need be. */
function chooseCores(cores: LogicalCpu[][], wanted: Processors, node: number | null): LogicalCpu[][] | null {
  const fitting = cores.filter((core) => core.length >= wanted.threads)
  const near = fitting.filter((core) => node === null || core[0]?.node === node)
  const withoutFirst = (pool: LogicalCpu[][]) => pool.filter((core) => core !== cores[0])
  const pools = [withoutFirst(near), near, withoutFirst(fitting), fitting]
  const pool = pools.find((one) => one.length >= wanted.cores)
  return pool === undefined || wanted.cores >= cores.length ? null : pool.slice(0, wanted.cores)
}

/** QEMU numbers the threads of a core one after the other (docs/system, -smp). */
function pinningOf(cores: LogicalCpu[][], chosen: LogicalCpu[][], threads: number): VmPinning {
  const rest = cores.filter((core) => !chosen.includes(core))
  return {
    vcpus: chosen.flatMap((core) => core.slice(0, threads).map((cpu) => cpu.id)),
    emulator: rest.flatMap((core) => core.map((cpu) => cpu.id)).sort((one, other) => one - other),
  }
}

function words(kept: number): string {
  return `Each virtual processor stays on its own; QEMU’s other threads and the host keep ${plural(kept, 'core')}.`
}
