import { type Extras, readExtras } from './paste-extras.ts'
import { isBreak, pastedLines } from './paste-lines.ts'
import { readRecord, readRecordLine, startsRecord } from './paste-record.ts'
import { type PastedDevice, type PastedRow, readDevice, readRow } from './paste-row.ts'

/** All that a pasted text says: functions by address in ascending order, and what else it quotes. */
export interface Paste {
  devices: (PastedDevice & { tellsDriver: boolean })[]
  extras: Extras
}

const GROUP_HEADER = /^\W*(?:IOMMU )?Group:?\s*#?(\d+)\s*:?$/iu
/** A row cut by line wrapping: it begins like one and ends before its class. */
const ROW_BEGINS =
  /^[\W\d]*(?:(?:IOMMU )?Group\b|\[?[0-9a-f]{4}:[0-9a-f]{4}\]|(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?:\s|$))/iu
const WRAP_LIMIT = 3

type Block =
  { kind: 'row'; row: PastedRow; body: string[] } | { kind: 'record'; lines: { key: string; value: string }[] }

/** Walks through the lines and collects one block for each function. */
class Collector {
  readonly blocks: { block: Block; group: number | null; listing: number }[] = []
  private current: Block | null = null
  private header: { group: number; indented: boolean | null } | null = null
  private listing = 0
  private last = ''

  break(line: string): void {
    this.current = null
    if (line.trim() === '') return
    this.header = null
    this.listing += 1
  }

  group(id: number): void {
    this.current = null
    this.header = { group: id, indented: null }
    this.listing += 1
  }

  /** `IOMMU group: 7` among the lines of `lspci -vvv`, or cut off a `Flags:` line by wrapping, is no header. */
  ownsGroupLine(line: string): boolean {
    if (this.current?.kind !== 'row') return false
    const { row, body } = this.current
    if (/^\s*IOMMU group: \d+$/u.test(line)) return true
    return (/^\s/u.test(line) && !row.indented) || /(?:,|IOMMU)$/u.test([row.rest, ...body].at(-1) ?? '')
  }

  row(row: PastedRow): void {
    if (row.address <= this.last) this.listing += 1
    this.last = row.address
    const group = row.group ?? this.inherited(row)
    if (row.group !== null && row.leadingIds !== '') this.header = { group: row.group, indented: true }
    this.open({ kind: 'row', row, body: [] }, group)
  }

  /** Returns the group of the header above, for rows that look like the first one below it. */
  private inherited(row: PastedRow): number | null {
    if (this.header === null) return null
    this.header.indented ??= row.indented
    return this.header.indented === (row.indented || row.leadingIds !== '') ? this.header.group : null
  }

  record(line: { key: string; value: string }): void {
    if (startsRecord(line)) this.open({ kind: 'record', lines: [line] }, null)
    else if (this.current?.kind === 'record') this.current.lines.push(line)
  }

  rest(line: string): void {
    if (this.current?.kind === 'row') this.current.body.push(line.trim())
    else if (this.current?.kind === 'record') {
      const field = this.current.lines.at(-1)
      if (field !== undefined) field.value = `${field.value} ${line.trim()}`.trim()
    }
  }

  private open(block: Block, group: number | null): void {
    this.current = block
    this.blocks.push({ block, group, listing: this.listing })
  }
}

/** Reads what people paste: lspci in its usual forms, IOMMU-group listings, and quotes of kernel files. Never throws. */
export function parsePaste(text: string): Paste {
  const lines = pastedLines(text)
  const collector = new Collector()
  for (let at = 0; at < lines.length; at += 1) at += take(collector, lines, at)
  const extras = readExtras(lines)
  return { devices: merge(collector, extras), extras }
}

/** Handles the line at `at`; gives how many more lines were joined to it. */
function take(collector: Collector, lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  const record = readRecordLine(line)
  const group = GROUP_HEADER.exec(line)?.[1]
  if (isBreak(line)) collector.break(line)
  else if (group !== undefined && !collector.ownsGroupLine(line)) collector.group(Number(group))
  else if (record !== null && !/^\s/u.test(line)) collector.record(record)
  else return takeRow(collector, lines, at)
  return 0
}

function takeRow(collector: Collector, lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  for (let joined = 0; joined < WRAP_LIMIT; joined += 1) {
    const parts = lines.slice(at, at + joined + 1)
    if (joined > 0 && (!ROW_BEGINS.test(line) || startsAnew(parts.at(-1) ?? ''))) break
    const row = readRow(parts.map((part, index) => (index === 0 ? part : part.trim())).join(' '))
    if (row === null) continue
    collector.row(row)
    return joined
  }
  collector.rest(line)
  return 0
}

/** Returns whether a line cannot be the rest of a wrapped one. */
function startsAnew(line: string): boolean {
  return isBreak(line) || readRow(line) !== null
}

type Found = Paste['devices'][number]

function merge(collector: Collector, extras: Extras): Found[] {
  const read = collector.blocks.map(({ block, group, listing }) => {
    const device = block.kind === 'row' ? readDevice(block.row, block.body) : readRecord(block.lines)
    return { device: { ...device, group: group ?? device.group }, listing }
  })
  const telling = new Set(read.filter(({ device }) => device.driver !== null).map(({ listing }) => listing))
  const found = new Map<string, Found>()
  for (const { device, listing } of [...read, ...extras.devices.map((device) => ({ device, listing: -1 }))]) {
    const told = { ...device, tellsDriver: telling.has(listing) }
    const known = found.get(device.address)
    found.set(device.address, known === undefined ? told : combine(known, told))
  }
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1))
}

/** Another device at the same address: a later paste of another time or machine, which counts. */
function isOther(known: Found, other: Found): boolean {
  const ids = (device: Found) => `${device.vendorId}:${device.deviceId}`
  return known.vendorId !== '' && other.vendorId !== '' && ids(known) !== ids(other)
}

/** Combines two listings of one function: what the first does not say comes from the second; the last group counts. */
function combine(known: Found, other: Found): Found {
  if (isOther(known, other)) return other
  const words = ['classCode', 'vendorId', 'deviceId', 'subsystem', 'revision', 'name'] as const
  const filled = Object.fromEntries(words.map((word) => [word, known[word] || other[word]]))
  return {
    ...known,
    ...filled,
    driver: known.driver ?? other.driver,
    tellsDriver: known.tellsDriver || other.tellsDriver,
    group: other.group ?? known.group,
    secondaryBus: known.secondaryBus ?? other.secondaryBus,
  }
}
