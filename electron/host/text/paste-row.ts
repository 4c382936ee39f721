import { leadingClass } from './pci-classes.ts'

/** What one row or record of a paste says of a function. Empty strings and null: it does not say. */
export interface PastedDevice {
  address: string
  classCode: string
  vendorId: string
  deviceId: string
  subsystem: string
  revision: string
  name: string
  driver: string | null
  group: number | null
  secondaryBus: string | null
}

const ADDRESS = '(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]'
const IDS = /\[([0-9a-f]{4}):\s?([0-9a-f]{4})\]/iu

/** What may stand before the address: a group, ids and a reset mark, a number in brackets, list and tree marks. */
const ROW = new RegExp(
  `^(?<indent>\\s*)(?:(?:IOMMU )?Group:?\\s*(?<group>\\d+):?\\s+)?(?:\\((?<bracket>\\d+)\\)\\s+)?(?:Group Device:\\s*)?` +
    `(?:[-*+|\\\\\`├└│─]+\\s*)*(?:\\[(?<ids>[0-9a-f]{4}:[0-9a-f]{4})\\]\\s*(?:\\[R\\]\\s*)?)?(?<address>${ADDRESS})\\s+(?:-\\s+)?(?<rest>\\S.*)$`,
  'iu',
)

export interface PastedRow {
  address: string
  group: number | null
  indented: boolean
  /** Ids before the address, as the reset-table loop prints them. */
  leadingIds: string
  rest: string
}

/** `1:00.0`, `0000:01:00.0`, `00000000:01:00.0` -> `0000:01:00.0`. A domain keeps at least four digits. */
export function fullAddress(text: string): string {
  const parts = text.toLowerCase().split(':')
  const domain = parts.length === 3 ? (parts[0] ?? '0') : '0'
  return `${Number.parseInt(domain, 16).toString(16).padStart(4, '0')}:${parts.slice(-2).join(':')}`
}

/** Reads the start of a function in a listing; null when the line is none. */
export function readRow(line: string): PastedRow | null {
  const found = ROW.exec(line)?.groups
  if (found === undefined || readClass(found['rest'] ?? '') === null) return null
  const group = found['group'] ?? found['bracket']
  return {
    address: fullAddress(found['address'] ?? ''),
    group: group === undefined ? null : Number(group),
    indented: found['indent'] !== '',
    leadingIds: (found['ids'] ?? '').toLowerCase(),
    rest: found['rest'] ?? '',
  }
}

/** `VGA compatible controller [0300]: ...`, `Class 0300: ...`, `0300: ...` or the name alone. */
function readClass(text: string): { code: string; rest: string } | null {
  const coded = /^[^[\]:]*\[([0-9a-f]{4})\]:\s*(.*)$/iu.exec(text) ?? /^(?:Class )?([0-9a-f]{4}):\s*(.*)$/iu.exec(text)
  if (coded !== null) return { code: (coded[1] ?? '').toLowerCase(), rest: coded[2] ?? '' }
  return leadingClass(text)
}

const BODY = /\s(?:Subsystem|Flags|Control|DeviceName|Kernel driver in use|Kernel modules|Physical Slot):/u

/** Reads a row together with the lines that belong to it, joined by blanks. */
export function readDevice(row: PastedRow, body: readonly string[]): PastedDevice {
  const all = [row.rest, ...body].join(' ').replaceAll(/\s+/gu, ' ')
  const end = all.search(BODY)
  const head = end < 0 ? all : all.slice(0, end)
  const found = readClass(head)
  const rest = found?.rest ?? head
  return {
    address: row.address,
    classCode: found?.code ?? '',
    ...idsOf(row.leadingIds, rest),
    name: nameOf(rest),
    revision: lower(/\(rev ([0-9a-f]{2})\)/iu.exec(head)?.[1]),
    ...readBody(all.slice(head.length)),
    group: row.group ?? groupIn(all),
  }
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase()
}

/** Ids before the address, in brackets after the name, or bare as with `lspci -n`. */
function idsOf(leading: string, rest: string): Pick<PastedDevice, 'vendorId' | 'deviceId'> {
  const bracketed = IDS.exec(rest) ?? /^([0-9a-f]{4}):([0-9a-f]{4})(?:\s|$)/iu.exec(rest)
  const [vendorId, deviceId] = leading === '' ? (bracketed?.slice(1) ?? []) : leading.split(':')
  return { vendorId: lower(vendorId), deviceId: lower(deviceId) }
}

/** Returns the model without ids, revision and marks. */
function nameOf(rest: string): string {
  const at = rest.search(/\s*(?:\[[0-9a-f]{4}:\s?[0-9a-f]{4}\]|\(rev [0-9a-f]{2}\)|\(prog-if|\[R\])/iu)
  const name = (at < 0 ? rest : rest.slice(0, at)).trim()
  return /^[0-9a-f]{4}:[0-9a-f]{4}$/iu.test(name) ? '' : name
}

function groupIn(text: string): number | null {
  const found = /IOMMU group:? (\d+)/iu.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

function readBody(body: string): Pick<PastedDevice, 'subsystem' | 'driver' | 'secondaryBus'> {
  const subsystem = /Subsystem:.*?\[([0-9a-f]{4}:\s?[0-9a-f]{4})\]/iu.exec(untilNextKey(body))?.[1]
  return {
    subsystem: (subsystem ?? '').replaceAll(' ', '').toLowerCase(),
    driver: /Kernel driver in use: (\S+)/u.exec(body)?.[1] ?? null,
    secondaryBus: /Bus: primary=[0-9a-f]{2}, secondary=([0-9a-f]{2})/iu.exec(body)?.[1]?.toLowerCase() ?? null,
  }
}

/**
 * Returns the part that can hold the subsystem: a bridge prints one more among its capabilities, which counts as well.
 */
function untilNextKey(body: string): string {
  const at = body.indexOf('Subsystem:')
  return at < 0
    ? ''
    : body.slice(at).replace(/\s(?:Flags|Control|Physical Slot|Kernel \w+.*?|NUMA node|Latency):.*$/u, '')
}
