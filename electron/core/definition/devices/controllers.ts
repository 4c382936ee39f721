import { type Device, slotOf } from '#shared/facts/pci.ts'
import { rootPort } from '../card/root-port.ts'
import { hostSlots } from '../hardware/root-bus.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import { romProperties } from '../quirks/rom.ts'

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
    const devices = functions.flatMap((address, place) => {
      const first = several && place === 0 ? ',multifunction=on' : ''
      const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
      const rom = romProperties(context.definition, address)
      return ['-device', `vfio-pci,host=${address},bus=extra${index},${at}${first}${rom}`]
    })
    return {
      reason: `${functions.join(' and ')} of the host, behind a root port of ${several ? 'their' : 'its'} own.`,
      args: [...rootPort(context, `extra${index}`, slot), ...devices],
    }
  })
}
