import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DescribedDevice, Description } from '../../electron/host/describe.ts'
import { bdfAddress } from '../../shared/pci.ts'
import { baseOf } from './base.ts'

const gpuTruth = z.strictObject({
  address: bdfAddress,
  status: z.enum(['ready', 'needs-work', 'blocked', 'unknown']),
  /** All reason codes of the verdict, each once, sorted. For a blocked card these are its refusals. */
  reasons: z.array(z.string()),
  /** What has to go to the VM together. */
  functions: z.array(bdfAddress),
  /** Endpoints of others in the groups of these functions. */
  foreign: z.array(bdfAddress),
  identical: z.array(bdfAddress),
})
export type GpuTruth = z.infer<typeof gpuTruth>

const truth = z.strictObject({
  platform: z.enum(['on', 'kernel-off', 'firmware-off', 'virtual', 'unknown']),
  /** null: the recording cannot decide it. */
  interruptRemapping: z.boolean().nullable(),
  gpus: z.array(gpuTruth),
})
export type Truth = z.infer<typeof truth>

/** A machine in a few lines, with what a correct tool concludes. Addresses carry their domain. */
const machineFile = z.strictObject({
  name: z.string(),
  /** Where the facts come from, and what was filled in. */
  about: z.string(),
  cpu: z.enum(['intel', 'amd']),
  model: z.string(),
  distribution: z.enum(['debian', 'centos7']),
  table: z.enum(['DMAR', 'IVRS']).nullable(),
  cmdline: z.string(),
  virtualization: z.boolean(),
  hypervisor: z.boolean(),
  interruptRemapping: z.boolean(),
  /** Seen from inside a container: firmware tables are hidden. */
  container: z.boolean(),
  bootVga: bdfAddress.nullable(),
  /** Connected screens by function. */
  screens: z.record(bdfAddress, z.array(z.string())),
  /** What lies above a function, from the root port down, with slashes. */
  parents: z.record(bdfAddress, z.string()),
  /** Groups with a region that firmware maps 1:1. */
  direct: z.array(z.number().int()),
  disks: z.array(z.strictObject({ name: z.string(), at: bdfAddress, mount: z.string() })),
  /** The first one carries the default route. */
  network: z.array(z.strictObject({ name: z.string(), at: bdfAddress })),
  /** One function a line: `address class vendor:device group|- driver|- name`. */
  devices: z.array(z.string()),
  truth,
})
export type MachineFile = z.infer<typeof machineFile>

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
    ...{ address, ids, name, class: `${code}00`, kind: KINDS[code] ?? 'Device' },
    ...(group === '-' ? {} : { group: Number(group) }),
    ...(driver === '-' ? {} : { driver }),
    ...(parent === undefined ? {} : { parent }),
    ...(code.startsWith('03') ? display(file, address, code, index) : {}),
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
