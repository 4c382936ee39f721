import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { TOPICS } from './topics.ts'

/** What step 8 offers and decides; null while QEMU is not known. */
export function viewDefinition(facts: Facts, choices: Choices, card: UnitView | null): DefinitionView | null {
  const { qemu } = facts
  if (qemu === null || isUnknown(qemu)) return null
  const context = { facts, choices, qemu, card }
  return {
    ...TOPICS.machine.view(context),
    ...TOPICS.compute.view(context),
    ...TOPICS.firmware.view(context),
    ...TOPICS.disk.view(context),
    ...TOPICS.card.view(context),
    ...TOPICS.network.view(context),
    ...TOPICS.devices.view(context),
    ...TOPICS.screen.view(context),
  }
}
