import { slotOf } from '#shared/facts/pci.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { hostSlots } from '../hardware/root-bus.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { Topic } from '../topic.ts'
import { atStartView, heldAlready, takenAtStart } from './at-start.ts'
import { offeredUnits } from './offered-units.ts'
import { behindPort } from './root-port.ts'

export const card: Topic<'card'> = {
  define: (context) => ({
    functions: passedFunctions(context.card).map((device) => device.address),
    atStart: takenAtStart(context),
    held: heldAlready(context),
  }),
  view: (context) => ({ units: offeredUnits(context), atStart: atStartView(context) }),
  // The one it was written with is found by its functions.
  choicesOf: ({ atStart }) => ({
    cards: null,
    stopAtStart: atStart?.stop ?? [],
    comeBackMinutes: atStart?.minutes ?? null,
  }),
  argv: { card: (context) => (context.withHost ? [cardArguments(context)] : []) },
}

/** A root port for each slot of the card, its functions in their places. Cards with a switch of their own have several. */
function cardArguments(context: ArgumentContext): ArgumentGroup {
  const { functions } = context.definition
  const args = hostSlots(functions).flatMap((slot, index) =>
    behindPort(context, {
      id: `card${index}`,
      slot,
      functions: functions.filter((address) => slotOf(address) === slot),
      multifunction: true,
    }),
  )
  return { reason: 'The card: a root port for each of its slots, all functions in their places.', args }
}
