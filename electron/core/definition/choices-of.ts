import { NO_VM_PROOFS } from '#shared/facts/proofs.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { SavedVm } from '#shared/wizard/saved-vm.ts'
import { TOPICS } from './topics.ts'

/**
 * The choices that lead to a definition somebody else wrote, so that the wizard can go on from it. How the guest is
 * seen and which bridge it joins stand nowhere in it and are decided anew.
 */
export function choicesFrom(definition: VmDefinition): SavedVm {
  const { network, launch } = DEFAULT_CHOICES
  return {
    definition: {
      ...TOPICS.machine.choicesOf(definition),
      ...TOPICS.compute.choicesOf(definition),
      ...TOPICS.firmware.choicesOf(definition),
      ...TOPICS.disk.choicesOf(definition),
      ...TOPICS.card.choicesOf(definition),
      ...TOPICS.network.choicesOf(definition),
      ...TOPICS.devices.choicesOf(definition),
      ...TOPICS.screen.choicesOf(definition),
      ...TOPICS.service.choicesOf(definition),
      ...TOPICS.hardware.choicesOf(definition),
      ...TOPICS.quirks.choicesOf(definition),
      ...TOPICS.answers.choicesOf(definition),
    },
    network:
      definition.network.kind === 'user'
        ? { ...network, forwards: definition.network.forwards ?? [] }
        : { ...network, mode: 'bridge' },
    launch,
    proofs: NO_VM_PROOFS,
  }
}
