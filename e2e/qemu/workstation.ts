import { defineVm } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { gatherQemu } from '#host/gather/qemu.ts'
import { RealHost } from '#host/real/real.ts'
import { describe } from '#host/simulated/describe.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

/** The QEMU of the host the tests run on. */
export async function realQemu(): Promise<QemuFacts> {
  const qemu = await gatherQemu(new RealHost())
  if (qemu === null || isUnknown(qemu)) throw new Error('QEMU is not installed on this host')
  return qemu
}

/** The paper's workstation, with another QEMU. */
export async function workstation(qemu: QemuFacts): Promise<Facts> {
  const facts = await gatherFacts(new SimulatedHost(describe(PAPER_WORKSTATION)), {
    dryStart: null,
    guestReport: null,
  })
  return { ...facts, qemu, tools: { ...facts.tools, swtpm: true } }
}

/** The VM that step 8 makes of these choices there. */
export function defined(facts: Facts, choice: Partial<Choices['definition']>): VmDefinition {
  const choices = { ...DEFAULT_CHOICES, definition: { ...DEFAULT_CHOICES.definition, ...choice } }
  const definition = defineVm(facts, choices, cardsOf(facts)[0] ?? null, null)
  if (definition === null) throw new Error('the choices lead to no VM')
  return definition
}

/** QEMU asks KVM for a virtual processor index, which TCG has not, and for what needs it. */
export const KVM_ONLY = /,hv-(vpindex|synic|stimer|stimer-direct|tlbflush|ipi)=on/gu

/** A start script for a machine that has neither the card nor KVM: all else stays as it is. */
export function withoutCardAndKvm(script: string): string {
  return script
    .replace(/^set -- "\$@" .*vfio-pci.*\n/gmu, '')
    .replace('accel=kvm', 'accel=tcg')
    .replace('-cpu host', '-cpu max')
    .replaceAll(KVM_ONLY, '')
}
