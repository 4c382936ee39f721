import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { type OwnText, program } from '../file.ts'
import { CHECKS } from './checks.ts'
import { DEVICES } from './devices.ts'
import { GIVE_BACK, MAIN } from './give-back.ts'
import { parameters } from './parameters.ts'
import { RESOURCES } from './resources.ts'
import { TAKE } from './take.ts'
import { WRITES } from './writes.ts'

/**
 * The script that root runs around a VM: a readable POSIX script of builtins, coreutils, findutils, iproute2 and
 * systemctl, and for a disk a line of Perl or Python, so that a person at a text console can run it too.
 */
export function hostScript(definition: VmDefinition): string {
  return [parameters(definition), WRITES, CHECKS, DEVICES, RESOURCES, GIVE_BACK, TAKE, MAIN].join('')
}

/** Returns that script as a VM's file. */
export function hostText(definition: VmDefinition): OwnText {
  return program(vmPaths(definition.name).host, hostScript(definition))
}
