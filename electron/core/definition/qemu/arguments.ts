import type { QemuFacts } from '#shared/facts/facts.ts'
import type { VmDefinition, VmPaths } from '#shared/vm/vm.ts'

/** Arguments that belong together, with the reason for them. */
export interface ArgumentGroup {
  reason: string
  args: string[]
}

/** Places in QEMU's command line, first to last. Within one, topics follow each other as in vm.json. */
export const PLACES = [
  'machine',
  'paused',
  'screen',
  'control',
  'spice',
  'sandbox',
  'card',
  'network',
  'devices',
  'boot',
] as const

/** What has to be known of a QEMU to write its arguments. A device is used only if this QEMU lists it. */
export type Capabilities = Pick<QemuFacts, 'devices' | 'objects' | 'machineProperties'>

/** What arguments are written from. */
export interface ArgumentContext {
  definition: VmDefinition
  qemu: Capabilities
  paths: VmPaths
  /** False for the dry start, which leaves out what is the host's: see `vmArguments`. */
  withHost: boolean
}

/** Writes arguments, for as many places as it has any for. */
export type Arguments = Partial<Record<(typeof PLACES)[number], (context: ArgumentContext) => ArgumentGroup[]>>

/** A comma inside an option's value is written twice (qemu(1)). */
export function optionValue(value: string): string {
  return value.replaceAll(',', ',,')
}
