import type { Device } from '#shared/facts/pci.ts'
import { isGpu } from '#shared/facts/pci.ts'
import { isReserved } from '#shared/units/drivers.ts'
import { blacklistEvidence, modulesFor, plain } from '../driver-lines.ts'
import { harmless, inTheWay, type Judged, type JudgedHost, namesOf } from './host-of.ts'

/** Judges what keeps these modules from being loaded, by the devices that are left without any. */
export function judgeBarring(does: string, modules: readonly string[], host: JudgedHost): Judged {
  const names = new Set(modules.map(plain))
  const wanting = host.facts.devices.filter((device) => modulesOf(host, device).some((name) => names.has(plain(name))))
  const dark = wanting.filter((device) => isLeftOut(host, device))
  const kept = dark.filter(({ address }) => !host.bound.has(address))
  if (kept.length > 0) return inTheWay(does, without(kept))
  if (wanting.length === 0) return harmless(does, 'No device of this host asks for it.')
  if (dark.length > 0)
    return harmless(
      does,
      'Step 5 binds by address and does not need it. While it stands, the host has no driver to take the card back with.',
    )
  return harmless(does, 'Nothing that the host keeps is without a driver for it.')
}

function modulesOf({ facts }: JudgedHost, { address }: Device): readonly string[] {
  return modulesFor(facts, address)?.names ?? []
}

/** None of its modules may be loaded, and none is: something else may load one all the same. */
function isLeftOut(host: JudgedHost, device: Device): boolean {
  if (device.driver !== null && !isReserved(device.driver)) return false
  return modulesOf(host, device).every((name) => blacklistEvidence(host.facts, host.cmdline, name) !== null)
}

function without(kept: readonly Device[]): string {
  const dark = kept.some(isGpu) ? ' Its screens stay dark.' : ''
  return `The host has no other driver for ${namesOf(kept)}, which it is to have.${dark}`
}
