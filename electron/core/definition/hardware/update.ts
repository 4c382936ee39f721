import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import { keptFirmware } from '../firmware/kept.ts'
import { newestFirmware } from '../firmware/newest.ts'
import type { OptionContext } from '../topic.ts'

/** Newer hardware for a VM, with what a guest notices of it. */
export interface HardwareUpdate {
  /** The same as long as it is this very hardware. */
  id: string
  changes: string[]
  machine: string
  /** Null: the VM has none, or keeps it. */
  firmware: VmFirmware | null
}

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu' | 'written'>

/** The machine type that this QEMU makes now. */
export function newestMachine({ q35 }: OptionContext['qemu']): string {
  return q35 ?? 'q35'
}

/** Returns what this host has of newer hardware for a VM that is written; null: nothing. */
export function offeredUpdate(about: About): HardwareUpdate | null {
  const { written, qemu } = about
  if (written === null) return null
  const machine = newestMachine(qemu)
  const { firmware, changes: newer } = newerFirmware(about)
  const changes = [
    ...(machine === written.machine ? [] : [`Machine type: ${written.machine} becomes ${machine}.`]),
    ...newer,
  ]
  return changes.length === 0 ? null : { id: idOf(machine, firmware), changes, machine, firmware }
}

function newerFirmware(about: About): { firmware: VmFirmware | null; changes: string[] } {
  const kept = keptFirmware(about)
  const firmware = kept === null ? null : newestFirmware(about, kept.secureBoot)
  return { firmware, changes: kept === null || firmware === null ? [] : firmwareChanges(kept, firmware) }
}

function idOf(machine: string, firmware: VmFirmware | null): string {
  const { code, made, vars } = firmware ?? {}
  return [machine, code, made?.code.sha256, vars].filter((part) => part !== undefined).join(' ')
}

/** The same where the admin has taken it; null: the VM stays as it was made. */
export function takenUpdate(about: About): HardwareUpdate | null {
  const update = offeredUpdate(about)
  return update?.id === about.choices.definition.hardwareUpdate ? update : null
}

function firmwareChanges(kept: VmFirmware, newest: VmFirmware): string[] {
  const sums = [kept.made?.code.sha256, newest.made?.code.sha256]
  const renewed = sums.every((sum) => sum !== undefined) && sums[0] !== sums[1]
  const code =
    kept.code !== newest.code
      ? [`UEFI: ${kept.code} becomes ${newest.code}.`]
      : renewed
        ? [`UEFI: ${kept.code} was updated since the VM got it; the newer one is noted as its own.`]
        : []
  const store =
    'The UEFI variables begin anew: boot entries that the guest made are gone, and BitLocker asks for its recovery key. The former ones are kept.'
  return [...code, ...(code.length > 0 && !sharesStore(kept, newest) ? [store] : [])]
}

function sharesStore(kept: VmFirmware, newest: VmFirmware): boolean {
  return kept.varsFormat === newest.varsFormat && kept.vars === newest.vars
}
