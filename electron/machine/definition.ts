import type { Choices } from '../../shared/choices.ts'
import type { Facts, User } from '../../shared/facts.ts'
import { tapName } from '../../shared/network.ts'
import { isBridge } from '../../shared/pci.ts'
import type { VmDefinition } from '../../shared/vm.ts'
import type { GpuView } from '../../shared/wizard.ts'

/** Memory for the proof guest: it unpacks the host's own initramfs and nothing else. */
const PROOF_MEMORY_MIB = 768

/** The user a VM runs as: whoever looks, or for root the first human account; null when there is none. */
export function vmUser(facts: Facts): User | null {
  const { uid } = facts.session
  return (uid === 0 ? facts.users[0] : facts.users.find((user) => user.uid === uid)) ?? null
}

/** The definition the choices lead to on this host; null while no card or no user is there. */
export function defineVm(facts: Facts, choices: Choices, card: GpuView | null): VmDefinition | null {
  const user = vmUser(facts)
  if (card === null || user === null) return null
  const { name, boot } = choices.machine
  return {
    version: 1,
    name,
    memoryMiB: choices.machine.memoryMiB ?? defaultMemory(facts, choices),
    vcpus: choices.machine.vcpus ?? defaultVcpus(facts, choices),
    functions: card.functions.filter((device) => !isBridge(device)).map((device) => device.address),
    boot,
    network: vmNetwork(facts, choices),
    user: { name: user.name, uid: user.uid, gid: user.gid },
  }
}

/** The tap of the chosen bridge, which steps 7 and 9 make; vhost where the kernel offers it. */
function vmNetwork(facts: Facts, choices: Choices): VmDefinition['network'] {
  if (choices.network.mode === 'user') return { kind: 'user' }
  return { kind: 'tap', tap: tapName(choices.machine.name), vhost: facts.network.vhostNet }
}

/** Half of the host's memory in whole GiB, because a VM with a passed device keeps all of it pinned. */
function defaultMemory(facts: Facts, choices: Choices): number {
  if (choices.machine.boot.kind === 'proof-guest') return PROOF_MEMORY_MIB
  return Math.max(1, Math.floor(facts.memory.totalMiB / 2048)) * 1024
}

/** All threads but two, which stay with the host. */
function defaultVcpus(facts: Facts, choices: Choices): number {
  return choices.machine.boot.kind === 'proof-guest' ? 1 : Math.max(1, facts.cpu.threads - 2)
}

/** The saved file: readable JSON with a newline at its end. */
export function definitionText(definition: VmDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}
