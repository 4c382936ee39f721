import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, User } from '#shared/facts/facts.ts'
import type { TakenUnit } from '#shared/units/unit-view.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { TOPICS } from './topics.ts'

/** The user a VM runs as: whoever looks, or for root the first human account; null when there is none. */
export function vmUser(facts: Facts): User | null {
  const { uid } = facts.session
  return (uid === 0 ? facts.users[0] : facts.users.find((user) => user.uid === uid)) ?? null
}

/**
 * The definition the choices lead to on this host; null while there is nothing it takes, no user or no QEMU. `taken`:
 * its units, the card first; `written`: the VM of that name as it was written before. Its fields are in the order of vm.json.
 */
export function defineVm(
  facts: Facts,
  choices: Choices,
  taken: readonly TakenUnit[],
  written: VmDefinition | null,
): VmDefinition | null {
  const user = vmUser(facts)
  const { qemu } = facts
  const [card] = taken
  if (card === undefined || user === null || qemu === null || isUnknown(qemu)) return null
  const context = { facts, choices, qemu, card, taken, written }
  return {
    version: 2,
    ...TOPICS.machine.define(context),
    ...TOPICS.compute.define(context),
    ...TOPICS.firmware.define(context),
    ...TOPICS.disk.define(context),
    ...TOPICS.card.define(context),
    ...TOPICS.network.define(context),
    ...TOPICS.devices.define(context),
    ...TOPICS.screen.define(context),
    ...TOPICS.service.define(context),
    ...TOPICS.hardware.define(context),
    ...TOPICS.quirks.define(context),
    ...TOPICS.answers.define(context),
    user: { name: user.name, uid: user.uid, gid: user.gid },
  }
}

/** The saved file: readable JSON with a newline at its end. */
export function definitionText(definition: VmDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}
