import { fullAddress, type PastedDevice } from './paste-row.ts'
import { leadingClass } from './pci-classes.ts'

const KEY =
  /^(Slot|Device|Class|Vendor|SVendor|SDevice|Rev|ProgIf|Driver|Module|NUMANode|IOMMUGroup|PhySlot|DTNode):\s*(.*)$/u
const SLOT = /^(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/iu

/** One line of `lspci -vmm`/`-vmk`: its key and value; null when the line is none. */
export function readRecordLine(line: string): { key: string; value: string } | null {
  const [, key, value] = KEY.exec(line) ?? []
  return key === undefined ? null : { key, value: (value ?? '').trim() }
}

/**
 * Returns whether a record line names a slot. `-vm` calls both slot and model `Device`; only a slot looks like an
 * address.
 */
export function startsRecord(line: { key: string; value: string }): boolean {
  return (line.key === 'Slot' || line.key === 'Device') && SLOT.test(line.value)
}

/** Reads a record from its lines; the first one names the slot. */
export function readRecord(lines: readonly { key: string; value: string }[]): PastedDevice {
  const [slot, ...rest] = lines
  const fields = new Map(rest.map(({ key, value }) => [key, value]))
  const field = (key: string) => fields.get(key) ?? ''
  const group = field('IOMMUGroup')
  const [subVendor, subDevice] = [idOf(field('SVendor')), idOf(field('SDevice'))]
  return {
    address: fullAddress(slot?.value ?? ''),
    classCode: idOf(field('Class')) || (leadingClass(field('Class'))?.code ?? ''),
    vendorId: idOf(field('Vendor')),
    deviceId: idOf(field('Device')),
    subsystem: subVendor === '' || subDevice === '' ? '' : `${subVendor}:${subDevice}`,
    revision: field('Rev').toLowerCase(),
    name: `${withoutId(field('Vendor'))} ${withoutId(field('Device'))}`.trim(),
    driver: fields.get('Driver') ?? null,
    group: /^\d+$/u.test(group) ? Number(group) : null,
    secondaryBus: null,
  }
}

/** `HD Graphics [1916]` with -nn, `1916` with -n; else there is no id. */
function idOf(value: string): string {
  return (/(?:^|\[)([0-9a-f]{4})\]?$/iu.exec(value)?.[1] ?? '').toLowerCase()
}

function withoutId(value: string): string {
  return value.replace(/\s*\[[0-9a-f]{4}\]$/iu, '').replace(/^[0-9a-f]{4}$/iu, '')
}
