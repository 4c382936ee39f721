import type { WrittenVms } from '#core/definition/written.ts'
import { unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { holdsDevices, type VmEntry, type VmRef, type VmStatus } from '#shared/vm/vm.ts'
import type { Roster } from './roster.ts'

/** A VM of this host, before its state was asked for. */
export interface KnownVm extends VmRef {
  selected: boolean
  configured: boolean
}

/**
 * Returns the VMs of the roster, and those whose definition lies on this host although nothing was chosen for them
 * here.
 */
export function knownVms({ choices, others }: Roster, written: WrittenVms): KnownVm[] {
  const { name, profile } = choices.definition
  const kept = [
    { name, profile, selected: true, configured: true },
    ...others.map(({ definition }) => ({
      name: definition.name,
      profile: definition.profile,
      selected: false,
      configured: true,
    })),
  ]
  const names = kept.map((vm) => vm.name)
  const found = foundVms(written).filter((vm) => !names.includes(vm.name))
  return [...kept, ...found].sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

function foundVms(written: WrittenVms): KnownVm[] {
  return [...written].flatMap(([name, definition]) => {
    // A copy of another VM's file says nothing of this directory.
    if (definition.name !== name) return []
    return [{ name, profile: definition.profile, selected: false, configured: false }]
  })
}

/** Returns what the steps may know of the VMs. */
export function vmFacts(vms: readonly VmEntry[]): Facts['vms'] {
  return vms.map((vm) => ({ name: vm.name, up: vm.state === 'unknown' ? unknownBecause(vm.detail) : holdsDevices(vm) }))
}

/** Returns the state alone. */
export function statusIn({ name, state, since, detail, error, resumable }: VmEntry): VmStatus {
  return { name, state, since, detail, error, resumable }
}
