import type { VmDefinition } from '#shared/vm/vm.ts'
import { isProof } from '../machine/profile.ts'
import type { Capabilities } from '../qemu/arguments.ts'

/** Memory as a file without a name, which other programs can be given; only where QEMU can tell the host to use it. */
export function sharesMemory(definition: VmDefinition, qemu: Capabilities): boolean {
  const able = qemu.objects?.includes('memory-backend-memfd') === true
  const asked = definition.hugePages || !isProof(definition)
  return able && qemu.machineProperties?.includes('memory-backend') === true && asked
}
