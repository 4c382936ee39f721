/** A function by its ids; `subsystem` as `vvvv:dddd`, null where it has none. All hexadecimal digits are lower case. */
export interface PciIdentity {
  vendorId: string
  deviceId: string
  subsystem: string | null
}

/** Names for ids, as pci.ids has them; each is missing where the file does not know it. */
export interface PciNames {
  /** By `vvvv`. */
  vendors: ReadonlyMap<string, string>
  /** By `vvvv:dddd`. */
  devices: ReadonlyMap<string, string>
  /** By `vvvv:dddd ssss:ssss`. */
  subsystems: ReadonlyMap<string, string>
}

const LINE = /^(?<tabs>\t{0,2})(?<first>[0-9a-f]{4})(?: (?<second>[0-9a-f]{4}))? {2}(?<name>\S.*)$/u

interface Found {
  vendors: Map<string, string>
  devices: Map<string, string>
  subsystems: Map<string, string>
}

/**
 * Parses the names of these functions from a pci.ids file (its own head describes the form: a vendor a line, its
 * devices behind one tab, their subsystems behind two). Class names follow the vendors, behind a `C`, and end the
 * search.
 */
export function parsePciIds(text: string, wanted: readonly PciIdentity[]): PciNames {
  const known = wantedIds(wanted)
  const found: Found = { vendors: new Map(), devices: new Map(), subsystems: new Map() }
  let vendor = ''
  let device = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('C ')) break
    // Most lines belong to vendors this host has nothing of.
    if (line.startsWith('\t') && !known.has(vendor)) continue
    const row = readRow(line)
    if (row === null) continue
    if (row.depth === 0) vendor = keep(found.vendors, known, row.id, row.name)
    if (row.depth === 1) device = keep(found.devices, known, `${vendor}:${row.id}`, row.name)
    if (row.depth === 2) keep(found.subsystems, known, `${device} ${row.id}`, row.name)
  }
  return found
}

/** Tabs before it, its id (a subsystem's as `ssss:ssss`) and its name; null for comments and what has another form. */
function readRow(line: string): { depth: number; id: string; name: string } | null {
  const row = LINE.exec(line)?.groups
  if (row === undefined) return null
  const { tabs = '', first = '', second, name = '' } = row
  const depth = tabs.length
  if ((depth === 2) !== (second !== undefined)) return null
  return { depth, id: second === undefined ? first : `${first}:${second}`, name }
}

/** `vvvv`, `vvvv:dddd` and `vvvv:dddd ssss:ssss` of all that is wanted, and the makers of the boards. */
function wantedIds(wanted: readonly PciIdentity[]): Set<string> {
  return new Set(
    wanted.flatMap(({ vendorId, deviceId, subsystem }) => {
      const device = `${vendorId}:${deviceId}`
      return subsystem === null
        ? [vendorId, device]
        : [vendorId, device, `${device} ${subsystem}`, subsystem.slice(0, 4)]
    }),
  )
}

function keep(names: Map<string, string>, known: ReadonlySet<string>, id: string, name: string): string {
  if (known.has(id)) names.set(id, name)
  return id
}

/** Returns the lines of a pci.ids file that these functions need, in its own form: few of a million characters. */
export function neededPciIds(text: string, wanted: readonly PciIdentity[]): string {
  const { vendors, devices, subsystems } = parsePciIds(text, wanted)
  const rows = [...vendors].flatMap(([vendor, name]) => [
    `${vendor}  ${name}`,
    ...[...devices].flatMap(([device, deviceName]) =>
      device.startsWith(`${vendor}:`)
        ? [`\t${device.slice(5)}  ${deviceName}`, ...subsystemRows(device, subsystems)]
        : [],
    ),
  ])
  return rows.map((row) => `${row}\n`).join('')
}

function subsystemRows(device: string, subsystems: PciNames['subsystems']): string[] {
  return [...subsystems].flatMap(([id, name]) =>
    id.startsWith(`${device} `) ? [`\t\t${id.slice(10).replace(':', ' ')}  ${name}`] : [],
  )
}

/** Vendor and device as lspci writes them; null where not even the vendor is known. */
export function nameOf({ vendors, devices }: PciNames, { vendorId, deviceId }: PciIdentity): string | null {
  const vendor = vendors.get(vendorId)
  if (vendor === undefined) return null
  return `${vendor} ${devices.get(`${vendorId}:${deviceId}`) ?? 'Device'}`
}

/**
 * Returns the board's maker and its name for the board, as lspci writes them; null where not even the maker is known.
 */
export function subsystemNameOf(names: PciNames, { vendorId, deviceId, subsystem }: PciIdentity): string | null {
  const maker = subsystem === null ? undefined : names.vendors.get(subsystem.slice(0, 4))
  if (subsystem === null || maker === undefined) return null
  return `${maker} ${names.subsystems.get(`${vendorId}:${deviceId} ${subsystem}`) ?? 'Device'}`
}
