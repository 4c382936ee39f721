import { ProblemError } from '#shared/base/problem.ts'
import type { VmEntry } from '#shared/vm/vm.ts'
import type { Engine } from '../engine.ts'
import { type KnownVm, knownVms } from '../session/known-vms.ts'
import { rosterNames } from '../session/roster.ts'
import type { SavedState } from '../session/saved-state.ts'

/** Returns the VM that steps 7 to 9 are about. */
export function selectedName(engine: Engine): string {
  return engine.state.saved.choices.definition.name
}

/** Names of all VMs, also of those that are only defined on this host. */
export function namesOf(engine: Engine, saved: SavedState): string[] {
  const { situation } = engine.state
  return situation === null ? rosterNames(saved) : knownVms(saved, situation.written).map((vm) => vm.name)
}

/** Returns what is known of a VM. Throws `not-found`. */
export function entryOf(engine: Engine, name: string): VmEntry {
  const found = engine.state.vms.find((entry) => entry.name === name)
  if (found !== undefined) return found
  throw noSuchVm(engine, name)
}

/** Returns a VM of the roster or of this host's files. Throws `not-found`. */
export function knownVm(engine: Engine, name: string): KnownVm {
  const found = knownVms(engine.state.saved, engine.situation().written).find((vm) => vm.name === name)
  if (found !== undefined) return found
  throw noSuchVm(engine, name)
}

function noSuchVm(engine: Engine, name: string): ProblemError {
  const names = namesOf(engine, engine.state.saved).join(', ')
  return new ProblemError('not-found', `There is no VM "${name}".`, { hint: `Known on this host: ${names}.` })
}
