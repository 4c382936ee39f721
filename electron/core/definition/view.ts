import { isUnknown } from '#shared/base/unknown.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { ViewContext } from './topic.ts'
import { TOPICS } from './topics.ts'

/** What step 8 offers and decides; null while QEMU is not known. */
export function viewDefinition(about: Omit<ViewContext, 'qemu' | 'written'>): DefinitionView | null {
  const { qemu } = about.facts
  if (qemu === null || isUnknown(qemu)) return null
  const context = { ...about, qemu, written: about.vms.get(about.choices.definition.name) ?? null }
  return {
    ...TOPICS.machine.view(context),
    ...TOPICS.compute.view(context),
    ...TOPICS.firmware.view(context),
    ...TOPICS.disk.view(context),
    ...TOPICS.card.view(context),
    ...TOPICS.network.view(context),
    ...TOPICS.devices.view(context),
    ...TOPICS.screen.view(context),
    ...TOPICS.service.view(context),
    ...TOPICS.hardware.view(context),
    ...TOPICS.quirks.view(context),
    ...TOPICS.answers.view(context),
  }
}
