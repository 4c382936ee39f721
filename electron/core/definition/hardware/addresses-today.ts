import type { QemuFacts } from '#shared/facts/facts.ts'
import type { GuestAddresses } from '#shared/vm/options/hardware.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { isProof } from '../machine/profile.ts'
import { hostSlots, rootAddress } from './root-bus.ts'

/**
 * Returns the addresses that a VM's devices have whose definition names none: QEMU gave each in turn the lowest slot
 * that was free (hw/pci/pci.c, do_pci_register_device), in the order of the command line as it was then.
 */
export function addressesToday(definition: VmDefinition, qemu: Pick<QemuFacts, 'devices'>): GuestAddresses {
  const names = [...firstInTurn(definition, qemu), ...lastInTurn(definition)]
  return Object.fromEntries(names.map((name, index) => [name, rootAddress(index + 1)]))
}

function firstInTurn(
  { screen, functions, extraDevices }: VmDefinition,
  { devices }: Pick<QemuFacts, 'devices'>,
): string[] {
  const agent = devices.includes('virtio-serial-pci') && devices.includes('virtserialport')
  const own = [...(screen ? ['screen'] : []), ...(agent ? ['ports'] : [])]
  return [...own, ...hostSlots(functions), ...hostSlots(extraDevices)]
}

function lastInTurn(definition: VmDefinition): string[] {
  const { screen, usbDevices, audio, lookingGlassMiB, disk } = definition
  const proof = isProof(definition)
  const there = {
    network: !proof,
    usb: (screen && !proof) || usbDevices.length > 0,
    sound: audio !== null,
    picture: lookingGlassMiB !== null,
    disk: !proof && disk !== null,
  }
  return Object.entries(there).flatMap(([name, has]) => (has ? [name] : []))
}
