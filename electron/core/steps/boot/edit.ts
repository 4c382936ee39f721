import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import {
  type AddedArg,
  type ArgsEdit,
  isEffective,
  isLeftover,
  type KernelArgs,
  kernelArgValues,
  missingArgs,
  parseKernelArgs,
  turnsIommuOff,
} from '#shared/facts/kernel-args.ts'

/** Returns what a command line needs to be one with which this host hands over a card. */
export function editOf(line: string, situation: Situation): ArgsEdit {
  const present = parseKernelArgs(line)
  const remove = [...new Set(present.filter((token) => isTakenOut(token, situation)))]
  const left = present.filter((token) => !remove.includes(token))
  return { add: missingArgs(left, wantedArgs(situation)), remove }
}

/** Returns what the running kernel was started with too much, or without. */
export function editNow(situation: Situation): ArgsEdit {
  return editOf(situation.facts.kernel.cmdline, situation)
}

/** What turns this host's IOMMU off, and what was chosen to be taken out. */
function isTakenOut(token: string, { facts, choices }: Situation): boolean {
  if (turnsIommuOff(token)) return token === 'iommu=off' || token === `${ownArgument(facts)}=off`
  return isLeftover(token) && choices.boot.remove.includes(token)
}

/** The argument of this host's kind of IOMMU. */
function ownArgument(facts: Facts): 'intel_iommu' | 'amd_iommu' {
  return isVtd(facts) ? 'intel_iommu' : 'amd_iommu'
}

function isVtd({ cpu, iommu: { acpiTable } }: Facts): boolean {
  return isUnknown(acpiTable) || acpiTable === null ? cpu.vendor === 'intel' : acpiTable === 'DMAR'
}

/**
 * Arguments this host needs: intel_iommu=on where the kernel leaves a VT-d unit (DMAR table) off; the others by choice.
 * AMD kernels have it on by default, and amd_iommu=on is not a value they know.
 */
export function wantedArgs({ facts, choices, defaultEntry }: Situation): AddedArg[] {
  const args = parseKernelArgs(facts.kernel.cmdline)
  const entry: KernelArgs = isUnknown(defaultEntry) ? [] : parseKernelArgs(defaultEntry.cmdline)
  const offNow = facts.iommu.groups.length === 0
  const offLater = kernelArgValues(entry, 'intel_iommu').at(-1) === 'off'
  const onByArgument = isEffective(args, 'intel_iommu=on')
  const { hostPassthrough, keepAwake, ignoreMsrs } = choices.boot
  const wanted: [AddedArg, boolean][] = [
    ['intel_iommu=on', isVtd(facts) && (offNow || offLater || onByArgument)],
    ['iommu=pt', hostPassthrough],
    ['vfio-pci.disable_idle_d3=1', keepAwake],
    ['kvm.ignore_msrs=1', ignoreMsrs],
  ]
  return wanted.flatMap(([arg, needed]) => (needed ? [arg] : []))
}
