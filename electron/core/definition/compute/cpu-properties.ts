import { isProof, isWindows } from '../machine/profile.ts'
import { cpuQuirks } from '../quirks/cpu-quirks.ts'
import type { OptionContext } from '../topic.ts'
import { cachesOf, type Core } from './cores.ts'
import { hypervProperties } from './hyperv.ts'

/** What of a VM's processors decides about their properties. */
interface Processors {
  threads: number
  /** The host's cores that its own stay on, each of them on one that no other is on; empty: they move about. */
  pinnedTo: readonly Core[]
  /** No other program runs there. */
  apart: boolean
}

/** The host's processor with its real clock and address width, and for Windows what makes it feel at home. */
export function cpuProperties(context: OptionContext, { threads, pinnedTo, apart }: Processors): string[] {
  const { facts, choices, qemu } = context
  if (isProof(choices.definition)) return []
  const known = qemu.cpuProperties ?? []
  const wanted = [
    ['migratable', 'off'],
    ['invtsc', 'on'],
    ['host-phys-bits', 'on'],
    // QEMU hides the threads of an AMD core without it.
    ...(facts.cpu.vendor === 'amd' && threads > 1 ? [['topoext', 'on']] : []),
    ...(onOneCache(pinnedTo) && known.includes('l3-cache') ? CACHE_OF_HOST : []),
  ]
  const plain = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => pair.join('='))
  const asked = cpuQuirks(context)
  if (!isWindows(choices.definition)) return [...plain, ...asked]
  const { vendor } = facts.cpu
  const { apicv } = facts.kvm
  const about = { vendor, given: qemu.hyperv, apicv, pinned: pinnedTo.length > 0, apart }
  return [...plain, ...hypervProperties(known, about), ...asked]
}

/**
 * The host's caches in place of the one that QEMU makes up. Of several last-level caches QEMU tells which processors
 * share one as the host numbers them, not as they are pinned, so with more than one it would tell the guest wrong.
 */
const CACHE_OF_HOST = [
  ['host-cache-info', 'on'],
  ['l3-cache', 'off'],
]

function onOneCache(cores: readonly Core[]): boolean {
  return cachesOf(cores).length === 1 && cores[0]?.[0]?.cache !== null
}
