import { classWords, type Device, deviceName, shortAddress } from '#shared/facts/pci.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { heldByVfio, VFIO_PCI } from '#shared/units/drivers.ts'
import { rootPort, slotsOf } from '../card/root-port.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { OptionContext } from '../topic.ts'

/** Teradici's vendor id: PCoIP host cards, as in the paper. */
const TERADICI = '6549'

export function isPcoipCard({ vendorId }: Pick<Device, 'vendorId'>): boolean {
  return vendorId === TERADICI
}

/** Serial bus controllers of class 0c03 and PCoIP cards, without the card's own functions. */
export function controllers({ facts, card }: OptionContext): DefinitionView['controllers'] {
  const own = card?.functions.map((device) => device.address) ?? []
  return facts.devices
    .filter((device) => device.classId.startsWith('0c03') || isPcoipCard(device))
    .filter((device) => !own.includes(device.address))
    .map((device) => ({ address: device.address, title: controllerTitle(device), blocked: passthroughBlocker(device) }))
}

function controllerTitle(device: Device): string {
  return `${shortAddress(device.address)} ${classWords(device.classId)}, ${deviceName(device)}`
}

/** Why a further function cannot be passed; null: it can. */
export function passthroughBlocker(device: Pick<Device, 'driver'>): string | null {
  if (heldByVfio(device)) return null
  return `It is ${device.driver === null ? 'without a driver' : `on ${device.driver}`}; only what is on ${VFIO_PCI} can go along.`
}

/** Further functions of the host, e.g. a USB controller or a PCoIP host card, each behind a port of its own. */
export function extraArguments({ definition, qemu, withHost }: ArgumentContext): ArgumentGroup[] {
  if (!withHost) return []
  return definition.extraDevices.map((address, index) => ({
    reason: `${address} of the host, behind a root port of its own.`,
    args: [
      ...rootPort(qemu, `extra${index}`, slotsOf(definition).length + index + 1),
      '-device',
      `vfio-pci,host=${address},bus=extra${index},addr=00.0`,
    ],
  }))
}
