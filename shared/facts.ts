import { z } from 'zod'
import { guestReport } from './guest-report.ts'
import { device } from './pci.ts'
import { orUnknown } from './unknown.ts'

export const FACTS_VERSION = 1

const machine = z.strictObject({
  hostname: z.string(),
  vendor: orUnknown(z.string()),
  product: orUnknown(z.string()),
  osId: z.string(),
  osName: z.string(),
  bootId: z.string(),
  container: z.boolean(),
})

const cpu = z.strictObject({
  vendor: z.enum(['intel', 'amd', 'other']),
  model: z.string(),
  /** The flag in /proc/cpuinfo; necessary, not sufficient: old kernels list it although firmware disabled it. */
  virtualization: z.enum(['vmx', 'svm']).nullable(),
  threads: z.number().int(),
  /** The flag a hypervisor sets for its guests: this machine is itself virtual. */
  hypervisor: z.boolean(),
})

/** One online logical processor (Documentation/ABI/stable/sysfs-devices-system-cpu). */
const logicalCpu = z.strictObject({
  id: z.number().int(),
  core: z.string(),
  /** All processors that share its last-level cache, as the kernel lists them; null: not told. */
  cache: z.string().nullable(),
  node: z.number().int().nullable(),
})
export type LogicalCpu = z.infer<typeof logicalCpu>

const reservedRegion = z.strictObject({ start: z.string(), end: z.string(), type: z.string() })

/** `type` is the default domain: identity, DMA, DMA-FQ (Documentation/ABI/testing/sysfs-kernel-iommu_groups). */
const iommuGroup = z.strictObject({
  id: z.number().int(),
  type: orUnknown(z.string().nullable()),
  devices: z.array(z.string()),
  reserved: orUnknown(z.array(reservedRegion)),
})
export type IommuGroup = z.infer<typeof iommuGroup>

const iommu = z.strictObject({
  acpiTable: orUnknown(z.enum(['DMAR', 'IVRS']).nullable()),
  units: z.array(z.string()),
  groups: z.array(iommuGroup),
  interruptRemapping: orUnknown(z.boolean()),
})

const kernel = z.strictObject({
  release: z.string(),
  cmdline: z.string(),
  config: orUnknown(z.strictObject({ source: z.string(), options: z.record(z.string(), z.string()) })),
  vfioPci: orUnknown(z.enum(['builtin', 'module', 'missing'])),
  vfioPciReady: z.boolean(),
  modules: z.array(z.string()),
})

const bootEntry = z.strictObject({ title: z.string(), cmdline: z.string(), source: z.string() })

export const loaderId = z.enum(['grub-debian', 'grub2-rhel7'])
export type LoaderId = z.infer<typeof loaderId>
export const initramfsId = z.enum(['initramfs-tools', 'dracut'])
export type InitramfsId = z.infer<typeof initramfsId>

function detected<S extends z.ZodType>(id: S) {
  return z.strictObject({ id, evidence: z.string() })
}

const boot = z.strictObject({
  firmware: z.enum(['uefi', 'bios']),
  loaders: z.array(detected(loaderId)),
  initramfs: z.array(detected(initramfsId)),
  images: z.array(z.string()),
  defaultEntry: orUnknown(bootEntry),
  /** What the early-boot rule of step 5 noted while the initramfs ran; null: it did not run. */
  earlyBind: z.string().nullable(),
})

/** A small text file whose bytes matter for a plan. */
const fileFact = z.strictObject({ text: z.string(), sha256: z.string() })

const claim = z.strictObject({ address: z.string(), kind: z.enum(['storage', 'network']), detail: z.string() })
export type Claim = z.infer<typeof claim>

const holder = z.strictObject({ pid: z.number().int(), name: z.string(), node: z.string(), address: z.string() })
export type Holder = z.infer<typeof holder>

const link = z.strictObject({
  name: z.string(),
  kind: z.enum(['wired', 'wireless', 'bridge', 'virtual']),
  up: z.boolean(),
})

const network = z.strictObject({
  links: z.array(link),
  defaultRoute: z.string().nullable(),
  managers: z.array(z.string()),
})

const vfioNode = z.strictObject({ group: z.number().int(), uid: z.number().int() })

/** One way to start UEFI, from a descriptor file (docs/interop/firmware.json). */
const firmwareFact = z.strictObject({
  descriptor: z.string(),
  code: z.string(),
  codeFormat: z.enum(['qcow2', 'raw']),
  varsTemplate: z.string(),
  varsFormat: z.enum(['qcow2', 'raw']),
  features: z.array(z.string()),
})
export type FirmwareFact = z.infer<typeof firmwareFact>

/** What a QEMU binary says it can do. Null: it was asked and does not tell. */
const qemuFacts = z.strictObject({
  binary: z.string(),
  version: z.string(),
  devices: z.array(z.string()),
  machines: z.array(z.string()),
  /** The versioned machine that `q35` stands for; null when it stands for itself. */
  q35: z.string().nullable(),
  machineProperties: z.array(z.string()).nullable(),
  cpuProperties: z.array(z.string()).nullable(),
  objects: z.array(z.string()).nullable(),
  audio: z.array(z.string()).nullable(),
  /** UEFI for q35 on x86_64, in the order QEMU's documentation gives descriptors. */
  firmware: z.array(firmwareFact),
})
export type QemuFacts = z.infer<typeof qemuFacts>

const user = z.strictObject({ name: z.string(), uid: z.number().int(), gid: z.number().int(), home: z.string() })
export type User = z.infer<typeof user>

/** What was measured by acting, not by reading: each with the moment it was seen. */
export const proofs = z.strictObject({
  dryStart: z.strictObject({ at: z.string(), argv: z.string(), accepted: z.boolean(), said: z.string() }).nullable(),
  guestReport: guestReport.nullable(),
})
export type Proofs = z.infer<typeof proofs>

/** Everything known of a host at one moment. Known-absent is null; unreadable is `unknown`. */
export const facts = z.strictObject({
  version: z.literal(FACTS_VERSION),
  takenAt: z.string(),
  machine,
  cpu,
  topology: orUnknown(z.array(logicalCpu)),
  memory: z.strictObject({ totalMiB: z.number().int() }),
  kvm: z.strictObject({ device: z.boolean(), modules: z.array(z.string()) }),
  iommu,
  kernel,
  boot,
  files: z.record(z.string(), orUnknown(fileFact.nullable())),
  devices: z.array(device),
  claims: orUnknown(z.array(claim)),
  holders: z.strictObject({ complete: z.boolean(), list: z.array(holder) }),
  /** Memory ranges the host's boot framebuffer still holds, from /proc/iomem. */
  framebuffers: orUnknown(z.array(z.strictObject({ name: z.string(), start: z.string(), end: z.string() }))),
  vfioNodes: z.array(vfioNode),
  network,
  qemu: orUnknown(qemuFacts.nullable()),
  tools: z.record(z.string(), z.boolean()),
  users: z.array(user),
  session: z.strictObject({ uid: z.number().int() }),
  lspci: z.string().nullable(),
  proofs,
})
export type Facts = z.infer<typeof facts>
