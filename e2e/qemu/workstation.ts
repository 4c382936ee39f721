import { defineVm } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { gatherQemu } from '#host/gather/qemu/qemu.ts'
import { RealHost } from '#host/real/real.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/** The QEMU of the host the tests run on. */
export async function realQemu(): Promise<QemuFacts> {
  const qemu = await gatherQemu(new RealHost())
  if (qemu === null || isUnknown(qemu)) throw new Error('QEMU is not installed on this host')
  return qemu
}

/** The paper's workstation, with another QEMU. */
export async function workstation(qemu: QemuFacts): Promise<Facts> {
  const facts = await factsFrom(simulated())
  return { ...facts, qemu, tools: { ...facts.tools, swtpm: true } }
}

/** The VM that step 8 makes of these choices there. */
export function defined(facts: Facts, choice: Partial<Choices['definition']>): VmDefinition {
  const choices = choosing({ definition: choice })
  const definition = defineVm(facts, choices, cardsOf(facts).slice(0, 1), null)
  if (definition === null) throw new Error('the choices lead to no VM')
  return definition
}

/** What a kernel's KVM of today gives on Intel (query-cpu-model-expansion with hv-passthrough). */
export const HYPERV = [
  ...['hv-relaxed', 'hv-vapic', 'hv-vpindex', 'hv-runtime', 'hv-synic', 'hv-time', 'hv-stimer', 'hv-stimer-direct'],
  ...['hv-frequencies', 'hv-tlbflush', 'hv-tlbflush-ext', 'hv-tlbflush-direct', 'hv-ipi', 'hv-reset', 'hv-crash'],
  ...['hv-evmcs', 'hv-emsr-bitmap', 'hv-xmm-input', 'hv-avic', 'hv-reenlightenment'],
] as const

/** QEMU asks KVM for a virtual processor index, which TCG has not, and for what needs it. */
export const KVM_ONLY = /,hv-(vpindex|synic|stimer|stimer-direct|tlbflush|tlbflush-ext|ipi)=on/gu

/** A start script for a machine that has neither the card nor KVM: all else stays as it is. */
export function withoutCardAndKvm(script: string): string {
  return script
    .replace(/^set -- "\$@" .*vfio-pci.*\n/gmu, '')
    .replace('accel=kvm', 'accel=tcg')
    .replace('-cpu host', '-cpu max')
    .replaceAll(KVM_ONLY, '')
}
