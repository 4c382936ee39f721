import type { Device, DeviceNames } from '#shared/facts/pci.ts'
import type { Host } from '../host.ts'
import { parseLspciNames } from '../parse/lspci.ts'
import { nameOf, parsePciIds, subsystemNameOf } from '../parse/pci-ids.ts'
import { readText } from '../read.ts'

/** Where distributions keep pci.ids: Fedora, SUSE and Arch; Debian and Ubuntu; pciutils' own places (lspci(8)). */
const PLACES = [
  '/usr/share/hwdata/pci.ids',
  '/usr/share/misc/pci.ids',
  '/usr/share/pci.ids',
  '/usr/share/hwdata/pci.ids.gz',
  '/usr/share/misc/pci.ids.gz',
]

/** Names by address: lspci's, and where it is missing or knows none, those of the first pci.ids that is there. */
export async function gatherNames(
  host: Host,
  lspci: string | null,
  devices: readonly Device[],
): Promise<Map<string, DeviceNames>> {
  const told = parseLspciNames(lspci ?? '')
  if ([...told.values()].some(({ name }) => name !== null) || host.coverage !== undefined) return told
  for (const place of PLACES) {
    const text = await readText(host, place)
    if (typeof text === 'string') return namesFrom(text, devices)
  }
  return told
}

function namesFrom(text: string, devices: readonly Device[]): Map<string, DeviceNames> {
  const names = parsePciIds(text, devices)
  return new Map(
    devices.map((device) => [device.address, { name: nameOf(names, device), board: subsystemNameOf(names, device) }]),
  )
}
