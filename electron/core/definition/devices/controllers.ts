import { type Device, slotOf } from '#shared/facts/pci.ts'
import { behindPort } from '../card/root-port.ts'
import { hostSlots } from '../hardware/root-bus.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'

/** Teradici's vendor id: PCoIP host cards, as in the paper. */
const TERADICI = '6549'

export function isPcoipCard({ vendorId }: Pick<Device, 'vendorId'>): boolean {
  return vendorId === TERADICI
}

/**
 * Units beside the card: each slot behind a root port, its functions with their numbers. What is alone there is function
 * 0, whatever it is on the host.
 */
export function extraArguments(context: ArgumentContext): ArgumentGroup[] {
  if (!context.withHost) return []
  const { extraDevices } = context.definition
  return hostSlots(extraDevices).map((slot, index) => {
    const functions = extraDevices.filter((address) => slotOf(address) === slot)
    const several = functions.length > 1
    return {
      reason: `${functions.join(' and ')} of the host, behind a root port of ${several ? 'their' : 'its'} own.`,
      args: behindPort(context, { id: `extra${index}`, slot, functions, multifunction: several }),
    }
  })
}
