import { z } from 'zod'
import { fileStamp } from '../base/file-stamp.ts'
import { orUnknown } from '../base/unknown.ts'
import { vmName } from '../base/vm-name.ts'
import { initramfsTool, nextImage } from './boot/boot-image.ts'
import { foundLoader } from './boot/boot-loader.ts'
import { logicalCpu, memory } from './compute/processors.ts'
import { driverScripts } from './driver-scripts.ts'
import { diskIo } from './images/disk-io.ts'
import { flashFiles } from './images/flash-file.ts'
import { imageFiles } from './images/image-file.ts'
import { imagePlaces } from './images/image-place.ts'
import { defaultRoute, guardNote, networkManagerId } from './network.ts'
import { device } from './pci.ts'
import { peripherals } from './peripherals.ts'
import { proofs } from './proofs.ts'
import { services } from './services.ts'

export const FACTS_VERSION = 1

const host = z.strictObject({
  hostname: z.string(),
  vendor: orUnknown(z.string()),
  product: orUnknown(z.string()),
  osId: z.string(),
  osName: z.string(),
  bootId: z.string(),
  /** What no other host has, made of the machine id for this program alone (machine-id(5)); null: it has none. */
  seed: z.string().nullable(),
  container: z.boolean(),
  /** Proxmox VE, whose os-release is Debian's. */
  proxmox: z.boolean(),
  /** Whether SELinux refuses what its policy does not allow, or only tells; null: it is off, or not there. */
  selinux: orUnknown(z.enum(['enforcing', 'permissive']).nullable()),
  /** Version and date of the host's own firmware (DMI); null: it tells none. */
  bios: orUnknown(z.string().nullable()),
})

const cpu = z.strictObject({
  vendor: z.enum(['intel', 'amd', 'other']),
  model: z.string(),
  /** The flag in /proc/cpuinfo; necessary, not sufficient: old kernels list it although firmware disabled it. */
  virtualization: z.enum(['vmx', 'svm']).nullable(),
  threads: z.number().int(),
  /** The flag a hypervisor sets for its guests: this host is itself virtual. */
  hypervisor: z.boolean(),
})

/** `type` is the default domain: identity, DMA, DMA-FQ (Documentation/ABI/testing/sysfs-kernel-iommu_groups). */
const iommuGroup = z.strictObject({
  id: z.number().int(),
  type: orUnknown(z.string().nullable()),
  devices: z.array(z.string()),
  reserved: orUnknown(z.array(z.strictObject({ start: z.string(), end: z.string(), type: z.string() }))),
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
  /** Where the image of the running kernel lies; null: it is not found. */
  image: z.string().nullable(),
  modules: z.array(z.string()),
  /** Mode of kernel_lockdown(7): none, integrity or confidentiality; null: this kernel has none. */
  lockdown: orUnknown(z.string().nullable()),
  /** From the EFI variable of that name; null: no such variable, as on BIOS machines. */
  secureBoot: orUnknown(z.boolean().nullable()),
})

const boot = z.strictObject({
  firmware: z.enum(['uefi', 'bios']),
  loaders: z.array(foundLoader),
  initramfs: z.array(initramfsTool),
  /** What building the initramfs writes: images, and on an ESP their copies and the entries that name them. */
  images: z.array(z.string()),
  /** Changes to /usr and the boot menu go through transactions only (MicroOS, Aeon): `/` is mounted read-only. */
  readOnlyRoot: z.boolean(),
  /** What of the boot menu only root may read, by path. */
  closed: z.array(z.string()),
  /** What boots by default, where a rule of step 5 is written for it; null: none is. */
  nextImage: nextImage.nullable(),
  /** What the early-boot rule of step 5 noted while the initramfs ran; null: it did not run. */
  earlyBind: z.string().nullable(),
})

/** Lines of configuration that may decide which driver takes a function at boot, and what could not be read. */
const driverRules = z.strictObject({
  lines: z.array(z.strictObject({ source: z.string(), line: z.string() })),
  unread: z.array(z.string()),
})

/**
 * A function the host needs. `certain` false: it may be this one, what it is for cannot be followed to the end. `stop`:
 * how the host can do without it, in a sentence; null: it cannot.
 */
const claim = z.strictObject({
  address: z.string(),
  kind: z.enum(['storage', 'network', 'input']),
  detail: z.string(),
  certain: z.boolean(),
  stop: z.string().nullable(),
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
  kind: z.enum(['wired', 'wireless', 'bridge', 'bond', 'vlan', 'tap', 'virtual']),
  mac: z.string().nullable(),
  up: z.boolean(),
  /** Whether a cable or a peer is there; the kernel tells it only of a link that is switched on. */
  carrier: orUnknown(z.boolean()),
  /** The bridge or bond this link is a port of. */
  master: z.string().nullable(),
  /** Uid a persistent tap belongs to; null for anything else, and for a tap anybody may open. */
  tapOwner: z.number().int().nullable(),
  addresses: orUnknown(z.array(z.string())),
})
export type NetworkLink = z.infer<typeof link>

/** Who configures the uplink, how that is known, and its own words for it (a profile, a .network file, a stanza). */
const uplinkManager = z.strictObject({
  id: networkManagerId,
  /** netplan wrote the configuration this manager uses. */
  netplan: z.boolean(),
  evidence: z.string(),
  source: z.string(),
  config: z.string(),
})
export type UplinkManager = z.infer<typeof uplinkManager>

const network = z.strictObject({
  links: z.array(link),
  defaultRoute: defaultRoute.nullable(),
  /** What the default route of IPv4 leads to. */
  gateway: z.string().nullable(),
  /** The physical link the default route ends at: itself, or the one such port of a bridge. */
  uplink: z.string().nullable(),
  /** Who configures the link of the default route; null: none of those this version knows. */
  manager: orUnknown(uplinkManager.nullable()),
  /** Whether frames on bridges pass iptables; null: br_netfilter is not loaded. */
  bridgeNetfilter: orUnknown(z.boolean().nullable()),
  docker: z.boolean(),
  tun: z.boolean(),
  vhostNet: z.boolean(),
  /** A server for SSH listens on an address that others can reach. */
  sshListens: orUnknown(z.boolean()),
  /** systemd runs, so a timer can outlive everything of ours (sd_booted(3)). */
  systemd: z.boolean(),
  /** The scripts of bridge-utils that give ifupdown its bridge_ports. */
  bridgeUtils: z.boolean(),
  /** A new network that is not confirmed yet: when it is undone by itself. */
  guard: guardNote.nullable(),
})

/** One way to start UEFI, from a descriptor file (docs/interop/firmware.json). */
const firmwareFact = z.strictObject({
  descriptor: z.string(),
  code: z.string(),
  /** Firmware files carry no version that can be read; null: the file is not there. */
  stamp: fileStamp.nullable(),
  codeFormat: z.enum(['qcow2', 'raw']),
  varsTemplate: z.string(),
  varsFormat: z.enum(['qcow2', 'raw']),
  features: z.array(z.string()),
})
export type FirmwareFact = z.infer<typeof firmwareFact>

/** QEMU's names for x86_64: its own, and that of RHEL and its kin, in the order they are looked for. */
export const QEMU_BINARIES = ['qemu-system-x86_64', 'qemu-kvm'] as const

/** What a QEMU binary says it can do. Null: it was asked and does not tell. */
const qemuFacts = z.strictObject({
  binary: z.enum(QEMU_BINARIES),
  version: z.string(),
  devices: z.array(z.string()),
  machines: z.array(z.string()),
  /** The versioned machine that `q35` stands for; null when it stands for itself. */
  q35: z.string().nullable(),
  machineProperties: z.array(z.string()).nullable(),
  cpuProperties: z.array(z.string()).nullable(),
  objects: z.array(z.string()).nullable(),
  audio: z.array(z.string()).nullable(),
  /** Hyper-V flags that this kernel's KVM gives; null also where KVM cannot be asked. */
  hyperv: z.array(z.string()).nullable(),
  /** Ways past QEMU's own threads that it can read a disk by on this kernel. */
  diskIo: z.array(diskIo),
  /** Of a virtiofsd, and whether ordinary users may make namespaces; null: none that an ordinary user can run. */
  sharing: z.strictObject({ readOnly: z.boolean(), namespaces: z.boolean() }).nullable(),
  /** UEFI for q35 on x86_64, in the order QEMU's documentation gives descriptors. */
  firmware: z.array(firmwareFact),
})
export type QemuFacts = z.infer<typeof qemuFacts>

const user = z.strictObject({ name: z.string(), uid: z.number().int(), gid: z.number().int(), home: z.string() })
export type User = z.infer<typeof user>

/**
 * What opening /dev/kvm gave to the user who looks: the node can be there with no driver behind it (systemd makes
 * it ahead of the module), and the driver registers only where firmware lets it.
 */
const kvmOpen = orUnknown(z.enum(['opened', 'denied', 'no-driver']))

/** Everything known of a host at one moment. Known-absent is null; unreadable is `unknown`. */
export const facts = z.strictObject({
  version: z.literal(FACTS_VERSION),
  takenAt: z.string(),
  host,
  cpu,
  topology: orUnknown(z.array(logicalCpu)),
  memory,
  /** `apicv`: interrupts go to a running guest without leaving it (Intel APICv, AMD AVIC). */
  kvm: z.strictObject({ device: z.boolean(), modules: z.array(z.string()), open: kvmOpen, apicv: z.boolean() }),
  iommu,
  kernel,
  boot,
  /** Small text files whose bytes matter for a plan. */
  files: z.record(z.string(), orUnknown(z.strictObject({ text: z.string(), sha256: z.string() }).nullable())),
  driverRules,
  driverScripts,
  devices: z.array(device),
  claims: orUnknown(z.array(claim)),
  holders: z.strictObject({ complete: z.boolean(), list: z.array(holder) }),
  /** Memory ranges the host's boot framebuffer still holds, from /proc/iomem. */
  framebuffers: orUnknown(z.array(z.strictObject({ name: z.string(), start: z.string(), end: z.string() }))),
  /** Whether text consoles are drawn on a framebuffer (vtconsole); false: none is bound to one. */
  framebufferConsole: orUnknown(z.boolean()),
  vfioNodes: z.array(z.strictObject({ group: z.number().int(), uid: z.number().int() })),
  peripherals,
  network,
  services,
  qemu: orUnknown(qemuFacts.nullable()),
  /** Firmware that descriptors or VMs name, and the VMs' own variables. */
  flashes: flashFiles,
  /** Existing disk images that are chosen. */
  images: imageFiles,
  /** Directories that are chosen for new ones. */
  places: imagePlaces,
  tools: z.record(z.string(), z.boolean()),
  users: z.array(user),
  session: z.strictObject({ uid: z.number().int() }),
  lspci: z.string().nullable(),
  /** VMs of this program on this host, and whether QEMU is there for each, as their drivers answered. */
  vms: z.array(z.strictObject({ name: vmName, up: orUnknown(z.boolean()) })),
  /** For facts from a pasted text: path patterns it answers. What lies beyond is not known; null: all was looked at. */
  coverage: z.array(z.string()).nullable(),
  proofs,
})
export type Facts = z.infer<typeof facts>
