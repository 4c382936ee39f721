import type { VmDefinition } from '#shared/vm/vm.ts'
import { hostSlots, isHostSlot, portAt } from '../hardware/root-bus.ts'
import type { ArgumentContext } from '../qemu/arguments.ts'

/**
 * The port for a slot of the host. `ioh3420` only where QEMU has no generic port. Chassis and slot differ from port to
 * port, and are the same as ever for one: a guest names what is behind it by them.
 */
export function rootPort({ definition, qemu }: ArgumentContext, id: string, slot: string): string[] {
  const port = qemu.devices.includes('pcie-root-port') ? 'pcie-root-port' : 'ioh3420'
  const number = portsOf(definition).indexOf(slot) + 1
  return ['-device', `${port},id=${id},chassis=${number},slot=${number}${portAt(definition, slot)}`]
}

/** Slots of the host that have a port, in the order they got it. */
function portsOf({ addresses, functions, extraDevices }: VmDefinition): string[] {
  const kept = Object.keys(addresses).filter(isHostSlot)
  return [...new Set([...kept, ...hostSlots([...functions, ...extraDevices])])]
}
