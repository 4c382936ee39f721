import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'

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
export const machineFile = z.strictObject({
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
  /** SR-IOV: what each physical function could have, and the virtual functions it has. */
  virtual: z
    .record(bdfAddress, z.strictObject({ total: z.number().int(), functions: z.array(bdfAddress) }))
    .default({}),
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
