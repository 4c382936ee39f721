import { call } from '#renderer/state/studio-store.ts'
import type { DrawerContent } from '#renderer/state/view-store.ts'
import { showEvidence } from '#renderer/state/view-store.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'

/** Opens the drawer with everything known of a function, and what lspci says of it, word for word. */
export async function showDevice(row: DeviceRow): Promise<void> {
  const raw = await call('hardware.lspci', row.address)
  const at = `/sys/bus/pci/devices/${row.address}`
  const facts: DrawerContent['evidence'] = [
    { source: 'verdict', quote: row.verdict },
    { source: 'driver now, override, at next boot', quote: driverLines(row) },
    { source: 'board', quote: row.board ?? row.subsystem ?? 'it tells none' },
    { source: `${at}/resource`, quote: row.bars.length === 0 ? 'no memory of its own' : row.bars.join('\n') },
    { source: 'processes that hold it', quote: row.heldBy.length === 0 ? 'none found' : row.heldBy.join('\n') },
    { source: `lspci -D -nnvvk -s ${row.address}`, quote: raw ?? 'lspci is not installed' },
  ]
  showEvidence({ title: `${shortAddress(row.address)} ${row.name ?? row.kind}`, evidence: facts })
}

function driverLines({ driver, override, nextBoot, nextBootWhy }: DeviceRow): string {
  return [driver ?? 'no driver', override ?? 'no override', `${nextBoot}: ${nextBootWhy}`].join('\n')
}
