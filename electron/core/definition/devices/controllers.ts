import { type Device, slotOf } from '#shared/facts/pci.ts'
import { rootPort, slotsOf } from '../card/root-port.ts'
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
export function extraArguments({ definition, qemu, withHost }: ArgumentContext): ArgumentGroup[] {
  if (!withHost) return []
  const { extraDevices } = definition
  return [...new Set(extraDevices.map(slotOf))].map((slot, index) => {
    const functions = extraDevices.filter((address) => slotOf(address) === slot)
    const several = functions.length > 1
    const devices = functions.flatMap((address, place) => {
      const first = several && place === 0 ? ',multifunction=on' : ''
      const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
      return ['-device', `vfio-pci,host=${address},bus=extra${index},${at}${first}`]
    })
    return {
      reason: `${functions.join(' and ')} of the host, behind a root port of ${several ? 'their' : 'its'} own.`,
      args: [...rootPort(qemu, `extra${index}`, slotsOf(definition).length + index + 1), ...devices],
    }
  })
}
