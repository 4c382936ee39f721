import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import { vmPaths } from '#shared/vm/vm.ts'

/** The VM's own copy of the firmware's variables; those with keys and those without do not fit the other's code. */
export function varsFile(name: string, { vars, varsFormat, secureBoot }: VmFirmware): string {
  const plain = `vars${secureBoot ? '-secure' : ''}.${varsFormat === 'qcow2' ? 'qcow2' : 'fd'}`
  return `${vmPaths(name).home}/${vars ?? plain}`
}
