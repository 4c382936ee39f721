import type { QemuFacts } from '#shared/facts/facts.ts'
import type { OptionContext } from '../topic.ts'

/** Twelve characters, as CPUID has them, that no driver takes for a hypervisor's (hv-vendor-id, docs/system/i386/hyperv.rst). */
const NO_VENDOR = 'passthrough0'

/** Properties of the processor that were asked for; what QEMU lists is known by its name there. */
export function cpuQuirks({ choices: { definition }, qemu }: OptionContext): string[] {
  const { physBits, hideHypervisor } = definition
  const limit = physBits === null || limitBlocked(qemu) !== null ? [] : [`host-phys-bits-limit=${physBits}`]
  if (!hideHypervisor || hideBlocked(qemu) !== null) return limit
  const vendor = knows(qemu, 'hv-vendor-id') ? [`hv-vendor-id=${NO_VENDOR}`] : []
  return [...limit, 'kvm=off', ...vendor]
}

/** Why the guest's addresses cannot be limited; null: they can. */
export function limitBlocked(qemu: QemuFacts): string | null {
  return knows(qemu, 'host-phys-bits-limit') ? null : `This QEMU (${qemu.version}) cannot limit them.`
}

/** Why the guest cannot be kept from seeing KVM; null: it can. */
export function hideBlocked(qemu: QemuFacts): string | null {
  return knows(qemu, 'kvm') ? null : `This QEMU (${qemu.version}) cannot hide it.`
}

function knows({ cpuProperties }: QemuFacts, name: string): boolean {
  return cpuProperties?.includes(name) ?? false
}
