import type { AtStart } from '#shared/vm/options/at-start.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { type OwnText, program } from '../file.ts'
import { CHECKS } from './checks.ts'
import { GIVE_BACK, MAIN } from './give-back.ts'
import { parameters } from './parameters.ts'
import { TAKE } from './take.ts'
import { WRITES } from './writes.ts'

/**
 * The script that root runs around a VM that takes functions from the host for as long as it runs: a readable POSIX
 * script of builtins, coreutils and findutils, so that a person at a text console can run it too.
 */
export function cardsScript(vm: Pick<VmDefinition, 'name' | 'user'>, atStart: AtStart): string {
  return [parameters(vm, atStart), WRITES, CHECKS, GIVE_BACK, TAKE, MAIN].join('')
}

/** Returns that script as a VM's file; null: the VM takes nothing from the host at its start. */
export function cardsText(vm: Pick<VmDefinition, 'name' | 'user' | 'atStart'>): OwnText | null {
  return vm.atStart === undefined ? null : program(vmPaths(vm.name).cards, cardsScript(vm, vm.atStart))
}
