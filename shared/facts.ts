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
  /** Mode of kernel_lockdown(7): none, integrity or confidentiality; null: this kernel has none. */
  lockdown: orUnknown(z.string().nullable()),
  /** From the EFI variable of that name; null: no such variable, as on BIOS machines. */
  secureBoot: orUnknown(z.boolean().nullable()),
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

/** A function the host needs. `certain` false: it may be this one, what it is for cannot be followed to the end. */
const claim = z.strictObject({
  address: z.string(),
  kind: z.enum(['storage', 'network', 'input']),
  detail: z.string(),
  certain: z.boolean(),
})
export type Claim = z.infer<typeof claim>

/** A process with a device node of a card open or mapped. `user`: its name, else its uid; null: not told. */
const holder = z.strictObject({
  pid: z.number().int(),
  name: z.string(),
  user: z.string().nullable(),
  node: z.string(),
  address: z.string(),
})
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

const qemuFacts = z.strictObject({
  binary: z.string(),
  version: z.string(),
  devices: z.array(z.string()),
  machines: z.array(z.string()),
})
export type QemuFacts = z.infer<typeof qemuFacts>

const user = z.strictObject({ name: z.string(), uid: z.number().int(), gid: z.number().int(), home: z.string() })
export type User = z.infer<typeof user>

/** What was measured by acting, not by reading: each with the moment it was seen. */
export const proofs = z.strictObject({
  dryStart: z.strictObject({ at: z.string(), argv: z.string(), accepted: z.boolean(), said: z.string() }).nullable(),
  guestReport: guestReport.nullable(),
  /** QEMU opened these functions through VFIO and ended again, in the boot with this id; no guest ran. */
  cardOpened: z
    .strictObject({
      at: z.string(),
      boot: z.string(),
      functions: z.array(z.string()),
      opened: z.boolean(),
      said: z.string(),
    })
    .optional(),
})
export type Proofs = z.infer<typeof proofs>

/**
 * What opening /dev/kvm gave to the user who looks: the node can be there with no driver behind it (systemd makes
 * it ahead of the module), and the driver registers only where firmware lets it.
 */
const kvmOpen = orUnknown(z.enum(['opened', 'denied', 'no-driver']))

/** Everything known of a host at one moment. Known-absent is null; unreadable is `unknown`. */
export const facts = z.strictObject({
  version: z.literal(FACTS_VERSION),
  takenAt: z.string(),
  machine,
  cpu,
  memory: z.strictObject({ totalMiB: z.number().int() }),
  kvm: z.strictObject({ device: z.boolean(), modules: z.array(z.string()), open: kvmOpen }),
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
