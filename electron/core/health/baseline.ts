import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Baseline } from '#shared/facts/baseline.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { GuestReport } from '#shared/facts/guest-report.ts'
import { idsOf, wayTo } from '#shared/facts/identity.ts'
import { deviceName } from '#shared/facts/pci.ts'
import { givenTo, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'

/** Returns what this host is at the moment a guest proved its card. */
export function baselineOf(facts: Facts, definition: VmDefinition, report: GuestReport): Baseline {
  const handed = facts.devices.filter((device) => givenTo(definition).includes(device.address))
  return {
    at: report.at,
    vm: report.vm,
    simulated: report.simulated,
    system: facts.host.osName,
    kernel: facts.kernel.release,
    cmdline: facts.kernel.cmdline,
    qemu: facts.qemu === null || isUnknown(facts.qemu) ? null : facts.qemu.version,
    firmware: firmwareOf(facts, definition),
    bios: facts.host.bios,
    functions: handed.map((device) => ({
      address: device.address,
      ids: idsOf(device),
      name: deviceName(device),
      way: wayTo(device, facts.devices),
    })),
    files: filesOf(facts, vmPaths(definition.name).home),
  }
}

function firmwareOf(facts: Facts, { firmware }: VmDefinition): Baseline['firmware'] {
  if (firmware === null || facts.qemu === null || isUnknown(facts.qemu)) return null
  const found = facts.qemu.firmware.find((candidate) => candidate.code === firmware.code)
  return { path: firmware.code, stamp: found?.stamp ?? null }
}

/**
 * Returns the files to compare: configuration below /etc, and the files of this VM. Boot entries come and go with each
 * kernel, so they stay out.
 */
function filesOf(facts: Facts, home: string): Baseline['files'] {
  const known = Object.entries(facts.files).flatMap(([path, file]): [string, string][] => {
    const matters = path.startsWith('/etc/') || path.startsWith(`${home}/`)
    return matters && file !== null && !isUnknown(file) ? [[path, file.sha256]] : []
  })
  return Object.fromEntries(known)
}

/** Returns whether a path is compared for this baseline: what belongs to another VM says nothing of this one. */
export function concerns(baseline: Baseline, path: string): boolean {
  return !path.startsWith(`${DATA_DIRECTORY}/vms/`) || path.startsWith(`${vmPaths(baseline.vm).home}/`)
}
