import { isProof, isWindows } from '../machine/profile.ts'
import { cpuQuirks } from '../quirks/cpu-quirks.ts'
import type { OptionContext } from '../topic.ts'
import { hypervProperties } from './hyperv.ts'

/** The host's processor with its real clock and address width, and for Windows what makes it feel at home. */
export function cpuProperties(context: OptionContext, threads: number): string[] {
  const { facts, choices, qemu } = context
  if (isProof(choices.definition)) return []
  const known = qemu.cpuProperties ?? []
  const wanted = [
    ['migratable', 'off'],
    ['invtsc', 'on'],
    ['host-phys-bits', 'on'],
    // QEMU hides the threads of an AMD core without it.
    ...(facts.cpu.vendor === 'amd' && threads > 1 ? [['topoext', 'on']] : []),
  ]
  const plain = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => pair.join('='))
  const asked = cpuQuirks(context)
  return isWindows(choices.definition) ? [...plain, ...hypervProperties(known), ...asked] : [...plain, ...asked]
}
