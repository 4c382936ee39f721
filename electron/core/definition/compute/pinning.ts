import { plural } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { VmPinning } from '#shared/vm/options/compute.ts'
import type { Decided } from '../decided.ts'
import type { Choice } from '../topic.ts'
import { type Core, idsOf } from './cores.ts'
import type { Chosen } from './processors.ts'

/** On fewer the host's own work and the guest's get into each other's way whatever is pinned. */
const WORTH_IT = 4

/** Which logical processor each virtual one stays on, a guest core's threads on one host core; null: not pinned. */
export function decidePinning(choice: Choice, chosen: Chosen): Decided<VmPinning | null> {
  const { size, pools, cores } = chosen
  const not = whyNot(choice, pools.all.length)
  if (not !== null) return { value: null, reason: not }
  if (cores.length > 0) return { value: pinningOf(chosen), reason: words(pools.all.length - cores.length) }
  const reason = `${size.cores} of ${pools.all.length} cores cannot be set apart: one has to stay with the host.`
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

function whyNot({ pin, profile, processors }: Choice, cores: number): string | null {
  if (pin === false) return 'As you chose.'
  if (cores === 0) return 'Which processors share a core is not known here.'
  if (pin === true || processors !== null) return null
  if (profile === 'proof-guest') return 'It runs one script.'
  if (cores >= WORTH_IT) return null
  return `This host has ${plural(cores, 'core')}; pinning pays from ${WORTH_IT}.`
}

/**
 * QEMU numbers the threads of a core one after the other (docs/system, -smp). Its own threads, among them the disk's, have
 * cores that the guest has not, of the card's node if one is left there; other programs have all that the guest has not.
 */
function pinningOf({ cores, size, pools }: Chosen): VmPinning {
  const vcpus = cores.flatMap((core) => idsOf([core.slice(0, size.threads)]))
  const without = (pool: readonly Core[]) => pool.filter((core) => !core.some(({ id }) => vcpus.includes(id)))
  const [near, others] = [without(pools.near), without(pools.all)]
  return { vcpus, emulator: sorted(near.length > 0 ? near : others), others: sorted(others) }
}

function sorted(cores: readonly Core[]): number[] {
  return idsOf(cores).sort((one, other) => one - other)
}

function words(kept: number): string {
  return `Each virtual processor stays on its own; QEMU’s other threads and the host keep ${plural(kept, 'core')}.`
}
