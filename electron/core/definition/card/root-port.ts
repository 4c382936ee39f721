import type { VmDefinition } from '#shared/vm/vm.ts'
import { hostSlots, isHostSlot, portAt } from '../hardware/root-bus.ts'
import type { ArgumentContext } from '../qemu/arguments.ts'
import { romProperties } from '../quirks/rom.ts'

interface Behind {
  /** The port's name in QEMU. */
  id: string
  /** Of the host. */
  slot: string
  /** Of that slot; the first is function 0 behind the port, whatever it is on the host. */
  functions: readonly string[]
  multifunction: boolean
}

/** A port for a slot of the host, and the VM's functions of that slot in their places behind it. */
export function behindPort(context: ArgumentContext, { id, slot, functions, multifunction }: Behind): string[] {
  const { definition } = context
  const devices = functions.flatMap((address, place) => {
    const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
    const first = multifunction && place === 0 ? ',multifunction=on' : ''
    const vga = definition.legacyVga && address === definition.functions[0] ? ',x-vga=on' : ''
    return ['-device', `vfio-pci,host=${address},bus=${id},${at}${first}${vga}${romProperties(definition, address)}`]
  })
  return [...rootPort(context, id, slot), ...devices]
}

/**
 * The port for a slot of the host. `ioh3420` only where QEMU has no generic port. Chassis and slot differ from port to
 * port, and are the same as ever for one: a guest names what is behind it by them.
 */
function rootPort({ definition, qemu }: ArgumentContext, id: string, slot: string): string[] {
  const port = qemu.devices.includes('pcie-root-port') ? 'pcie-root-port' : 'ioh3420'
  const number = portsOf(definition).indexOf(slot) + 1
  return ['-device', `${port},id=${id},chassis=${number},slot=${number}${portAt(definition, slot)}`]
}

/** Slots of the host that have a port, in the order they got it. */
function portsOf({ addresses, functions, extraDevices }: VmDefinition): string[] {
  const kept = Object.keys(addresses).filter(isHostSlot)
  return [...new Set([...kept, ...hostSlots([...functions, ...extraDevices])])]
}
