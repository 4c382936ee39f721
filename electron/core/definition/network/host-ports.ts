import type { Forward } from '#shared/vm/options/network.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { isProof } from '../machine/profile.ts'

/** Ports of the host that a VM has while it runs, by the names they are shown under; no two VMs can have the same. */
export function hostPorts(vm: Pick<VmDefinition, 'profile' | 'network'>): string[] {
  return isProof(vm) || vm.network.kind !== 'user' ? [] : (vm.network.forwards ?? []).map(portName)
}

/** The same of the choices for a VM. */
export function chosenPorts({ definition, network }: Pick<Choices, 'definition' | 'network'>): string[] {
  return isProof(definition) || network.mode !== 'user' ? [] : network.forwards.map(portName)
}

function portName({ protocol, hostPort }: Forward): string {
  return `${protocol.toUpperCase()} port ${hostPort} of this host`
}
