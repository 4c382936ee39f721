import { slotOf } from '#shared/facts/pci.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Capabilities } from '../qemu/arguments.ts'

/** `ioh3420` only where QEMU has no generic port. Chassis and slot have to differ from port to port. */
export function rootPort(qemu: Capabilities, id: string, number: number): string[] {
  const port = qemu.devices.includes('pcie-root-port') ? 'pcie-root-port' : 'ioh3420'
  return ['-device', `${port},id=${id},bus=pcie.0,chassis=${number},slot=${number}`]
}

/** The card's slots on the host, each once. */
export function slotsOf({ functions }: Pick<VmDefinition, 'functions'>): string[] {
  return [...new Set(functions.map(slotOf))]
}
