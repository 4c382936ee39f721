import type { VmDefinition } from '#shared/vm/vm.ts'
import { optionValue } from '../qemu/arguments.ts'

/**
 * Properties of vfio-pci for the ROM of a function; none where the guest finds the card's own. `rombar=0` hides the ROM
 * BAR (hw/vfio/pci.c, vfio_pci_size_rom).
 */
export function romProperties({ roms }: Pick<VmDefinition, 'roms'>, address: string): string {
  const rom = roms.find((one) => one.address === address)
  if (rom === undefined) return ''
  return rom.file === null ? ',rombar=0' : `,romfile=${optionValue(rom.file)}`
}
