import { savedVm } from '#core/definition/definition.ts'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { holdsDevices, type VmEntry, type VmRef, type VmStatus } from '#shared/vm/vm.ts'
import type { Roster } from './roster.ts'

/** A VM of this host, before its state was asked for. */
export interface KnownVm extends VmRef {
  selected: boolean
  configured: boolean
}

const DEFINITION = new RegExp(`^${DATA_DIRECTORY}/vms/([^/]+)/vm\\.json$`, 'u')

/** The VMs of the roster, and those whose definition lies on this host although nothing was chosen for them here. */
export function knownVms({ choices, others }: Roster, facts: Facts): KnownVm[] {
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
  const found = foundVms(facts).filter((vm) => !names.includes(vm.name))
  return [...kept, ...found].sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

function foundVms(facts: Facts): KnownVm[] {
  return Object.keys(facts.files).flatMap((path) => {
    const name = DEFINITION.exec(path)?.[1]
    const definition = name === undefined ? null : savedVm(facts, name)
    // A copy of another VM's file says nothing of this directory.
    if (definition === null || definition.name !== name) return []
    return [{ name, profile: definition.profile, selected: false, configured: false }]
  })
}

/** What the steps may know of the VMs. */
export function vmFacts(vms: readonly VmEntry[]): Facts['vms'] {
  return vms.map((vm) => ({ name: vm.name, up: vm.state === 'unknown' ? unknownBecause(vm.detail) : holdsDevices(vm) }))
}

/** The state alone. */
export function statusIn({ name, state, since, detail, error, resumable }: VmEntry): VmStatus {
  return { name, state, since, detail, error, resumable }
}
