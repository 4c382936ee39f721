import { listText } from '#shared/base/number-list.ts'
import { plural } from '#shared/base/text.ts'
import type { VmPinning } from '#shared/vm/options/compute.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice } from '../topic.ts'
import { cachesOf } from './cores.ts'
import type { Chosen, Size } from './processors.ts'

/** How many processors a VM has, and why so many. */
export function sizeInWords(choice: Choice, chosen: Chosen): Decided<Size> {
  return { value: chosen.size, reason: sizeReason(choice, chosen) }
}

function sizeReason(choice: Choice, chosen: Chosen): string {
  const { size, pools } = chosen
  if (choice.vcpus !== null) return 'As you chose.'
  if (isProof(choice)) return 'It runs one script.'
  const all = pools.all.length
  if (all === 0) return 'All but two; which of them share a core is not known here.'
  const pairs = size.threads > 1 ? `, ${size.threads} threads each as on the host` : ''
  const caches = cachesOf(chosen.cores).length
  const spread = caches > 1 ? ` They spread over ${caches} last-level caches.` : ''
  const which = traits(chosen).map((trait) => `, ${trait}`)
  return `${size.cores} of ${plural(all, 'core')}${which.join('')}${pairs}; ${all - size.cores} stay with the host.${spread}`
}

/** Which of the host's processors a pinned VM has, and why these; empty where it is not pinned. */
export function placeInWords(choice: Choice, chosen: Chosen, pinning: VmPinning | null): Decided<string> {
  if (chosen.problem !== null) return { value: '', reason: chosen.problem }
  if (pinning === null) return { value: '', reason: 'They are not pinned.' }
  const own = `QEMU’s own threads keep to ${listText(pinning.emulator)}.`
  const cores = chosen.cores.length === 1 ? 'One whole core' : `${chosen.cores.length} whole cores`
  const why = choice.processors === null ? traits(chosen) : ['as you chose']
  return { value: listText(pinning.vcpus), reason: `${[cores, ...why].join(', ')}; ${own}` }
}

/** What speaks for these cores of all that the host has. */
function traits({ cores, pools }: Chosen): string[] {
  if (cores.length === 0) return []
  const fast = cores.every(([cpu]) => cpu?.kind === 'performance')
  const near = pools.node !== null && cores.every(([cpu]) => cpu?.node === pools.node)
  const together = cachesOf(cores).length === 1 && cachesOf(pools.near).length > 1
  return [
    ...(fast ? ['all of the faster kind'] : []),
    ...(near ? [`of NUMA node ${pools.node}, where the card is`] : []),
    ...(together ? ['all on one last-level cache'] : []),
  ]
}
