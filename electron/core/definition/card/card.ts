import { slotOf } from '#shared/facts/pci.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { hostSlots } from '../hardware/root-bus.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import { romProperties } from '../quirks/rom.ts'
import type { Topic } from '../topic.ts'
import { atStartView, heldAlready, takenAtStart } from './at-start.ts'
import { offeredUnits } from './offered-units.ts'
import { rootPort } from './root-port.ts'

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
  const { definition } = context
  const args = hostSlots(definition.functions).flatMap((slot, index) => {
    const functions = definition.functions.filter((address) => slotOf(address) === slot)
    const devices = functions.flatMap((address, place) => {
      const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
      const first = place === 0 ? ',multifunction=on' : ''
      const vga = definition.legacyVga && address === definition.functions[0] ? ',x-vga=on' : ''
      const rom = romProperties(definition, address)
      return ['-device', `vfio-pci,host=${address},bus=card${index},${at}${first}${vga}${rom}`]
    })
    return [...rootPort(context, `card${index}`, slot), ...devices]
  })
  return { reason: 'The card: a root port for each of its slots, all functions in their places.', args }
}
