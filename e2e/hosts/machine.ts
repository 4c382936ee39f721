import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DescribedDevice, Description } from '#host/simulated/description.ts'
import { bdfAddress } from '#shared/facts/pci.ts'
import { baseOf } from './base.ts'
import { type MachineFile, machineFile } from './machine-file.ts'

const MACHINES = join(import.meta.dirname, 'machines')

const ROW =
  /^(?<address>\S+) (?<code>[0-9a-f]{4}) (?<ids>[0-9a-f]{4}:[0-9a-f]{4}) (?<group>\d+|-) (?<driver>\S+) (?<name>.+)$/u

const deviceRow = z.strictObject({
  address: bdfAddress,
  code: z.string(),
  ids: z.string(),
  group: z.string(),
  driver: z.string(),
  name: z.string(),
})

const KINDS: Readonly<Record<string, string>> = {
  '0300': 'VGA compatible controller',
  '0302': '3D controller',
  '0380': 'Display controller',
  '0403': 'Audio device',
  '0604': 'PCI bridge',
}

/** The programming interface of a USB controller, which its driver goes by (pci.ids, class 0c03). */
const INTERFACES: Readonly<Record<string, string>> = {
  uhci_hcd: '00',
  ohci: '10',
  'ehci-pci': '20',
  ehci_hcd: '20',
  xhci_hcd: '30',
}

/** All machine files, by name. Throws when one does not fit the schema. */
export function readMachineFiles(): MachineFile[] {
  const names = readdirSync(MACHINES).sort()
  return names.map((name) => machineFile.parse(JSON.parse(readFileSync(join(MACHINES, name), 'utf8'))))
}

/** The description the simulation is built from. */
export function descriptionOf(file: MachineFile): Description {
  const base = baseOf(file)
  return {
    ...base,
    devices: file.devices.map((row, index) => deviceOf(file, row, index)),
    block: file.disks.map(({ name, at }) => ({ name, address: at })),
    net: file.network.map(({ name, at }) => ({ name, address: at, up: true })),
    reserved: Object.fromEntries(file.direct.map((group) => [group, '0x00000000000e8000 0x00000000000e8fff direct'])),
  }
}

function deviceOf(file: MachineFile, row: string, index: number): DescribedDevice {
  const { address, code, ids, group, driver, name } = deviceRow.parse({ ...ROW.exec(row)?.groups })
  const parent = file.parents[address]
  return {
    ...{ address, ids, name, class: `${code}${INTERFACES[driver] ?? '00'}`, kind: KINDS[code] ?? 'Device' },
    ...(group === '-' ? {} : { group: Number(group) }),
    ...(driver === '-' ? {} : { driver }),
    ...(parent === undefined ? {} : { parent }),
    ...virtualPart(file, address),
    ...(code.startsWith('03') ? display(file, address, code, index) : {}),
  }
}

function virtualPart({ virtual }: MachineFile, address: string): Partial<DescribedDevice> {
  const own = virtual[address]
  const physfn = Object.keys(virtual).find((physical) => virtual[physical]?.functions.includes(address))
  return {
    ...(own === undefined ? {} : { sriov: { total: own.total, now: own.functions.length } }),
    ...(physfn === undefined ? {} : { physfn }),
  }
}

function display(file: MachineFile, address: string, code: string, index: number): Partial<DescribedDevice> {
  const screens = (file.screens[address] ?? []).map((screen) => [screen, true] as const)
  return {
    reset: 'bus',
    ...(code === '0300' ? { bootVga: address === file.bootVga } : {}),
    ...(screens.length === 0 ? {} : { drm: { card: `card${index}`, connectors: Object.fromEntries(screens) } }),
  }
}
