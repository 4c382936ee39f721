import { slotOf } from '#shared/facts/pci.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

/** What a VM may have of QEMU's own on its root bus, with the slot it has in a new VM. */
export const OWN_DEVICES = { screen: 1, ports: 2, network: 3, disk: 4, usb: 5, sound: 6, picture: 7, scsi: 8 } as const

/** Slot 0 is the host bridge, 31 holds LPC bridge, SATA and SMBus (QEMU docs/config/q35-emulated.cfg). */
export const ROOT_SLOTS = 30

/** A slot in the words of the guest's lspci. */
export function rootAddress(slot: number): string {
  return `00:${slot.toString(16).padStart(2, '0')}.0`
}

/** Slots of functions of the host, each once. */
export function hostSlots(functions: readonly string[]): string[] {
  return [...new Set(functions.map(slotOf))]
}

/** The properties that put a device where the VM has it; none where it has no address, then QEMU gives one. */
export function at({ addresses }: Pick<VmDefinition, 'addresses'>, name: keyof typeof OWN_DEVICES): string {
  return placeOf(addresses[name])
}

/** The same for a disk that is a PCI device of its own, by its number. */
export function diskAt({ addresses }: Pick<VmDefinition, 'addresses'>, number: number): string {
  return placeOf(addresses[diskName(number)])
}

/** What the address of a disk is kept under. */
export function diskName(number: number): string {
  return number === 1 ? 'disk' : `disk${number}`
}

/** The same for a network card, by its number. */
export function nicAt({ addresses }: Pick<VmDefinition, 'addresses'>, number: number): string {
  return placeOf(addresses[nicName(number)])
}

/** What the address of a network card is kept under. */
export function nicName(number: number): string {
  return number === 1 ? 'network' : `network${number}`
}

/** The same for a shared folder, by its number. */
export function folderAt({ addresses }: Pick<VmDefinition, 'addresses'>, number: number): string {
  return placeOf(addresses[folderName(number)])
}

/** What the address of a shared folder is kept under. */
export function folderName(number: number): string {
  return `folder${number}`
}

/** The same for the port of a slot of the host. */
export function portAt({ addresses }: Pick<VmDefinition, 'addresses'>, slot: string): string {
  return placeOf(addresses[slot])
}

function placeOf(address: string | undefined): string {
  return address === undefined ? '' : `,bus=pcie.0,addr=${address.slice('00:'.length)}`
}

/** Whether what has an address is a slot of the host, which has a port there, and no device of QEMU's own. */
export function isHostSlot(name: string): boolean {
  return name.includes(':')
}
