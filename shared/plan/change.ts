import { z } from 'zod'
import { ADDED_ARGS } from '../facts/kernel-args.ts'
import { linkName, networkManagerId } from '../facts/network.ts'
import { bdfAddress } from '../facts/pci.ts'
import { VFIO_PCI } from '../units/drivers.ts'

const absolutePath = z.string().regex(/^\/[^\0\n]*$/u)

/** Writes one small text file, owned by root. `expected` is the SHA-256 the file must have now; null: it must not exist. */
const writeFile = z.strictObject({
  kind: z.literal('write-file'),
  path: absolutePath,
  text: z.string().max(65_536),
  mode: z.union([z.literal(0o600), z.literal(0o644), z.literal(0o755)]),
  expected: z.string().nullable(),
})

/** Has the distribution's tool rebuild its initramfs images; the listed images are kept for undo. */
const rebuildInitramfs = z.strictObject({
  kind: z.literal('rebuild-initramfs'),
  tool: z.enum(['update-initramfs', 'dracut', 'mkinitcpio', 'rpm-ostree', 'sdbootutil']),
  outputs: z.array(absolutePath),
})

/** Has the distribution's tool write its boot menu again. `kernel` names the release for kernel-install, which takes one. */
const updateBootloader = z.strictObject({
  kind: z.literal('update-bootloader'),
  tool: z.enum(['update-grub', 'grub-mkconfig', 'grub2-mkconfig', 'kernel-install', 'proxmox-boot-tool', 'sdbootutil']),
  kernel: z
    .string()
    .regex(/^[0-9][A-Za-z0-9._+~-]*$/u)
    .optional(),
  outputs: z.array(absolutePath),
})

/** Has a tool that keeps the arguments itself add these to its entries; undo has it remove the same. */
const kernelArgs = z.strictObject({
  kind: z.literal('kernel-args'),
  tool: z.enum(['grubby', 'kernelstub', 'rpm-ostree']),
  args: z.array(z.enum(ADDED_ARGS)).min(1),
  outputs: z.array(absolutePath),
})

const loadModule = z.strictObject({ kind: z.literal('load-module'), module: z.enum([VFIO_PCI]) })

/** Sets driver_override of one function: which driver may bind it from now on (kernel ABI sysfs-bus-pci). */
const overrideDriver = z.strictObject({
  kind: z.literal('override-driver'),
  address: bdfAddress,
  override: z.literal(VFIO_PCI),
  expected: z.strictObject({ override: z.string().nullable(), vendorId: z.string(), deviceId: z.string() }),
})

/** Takes one function from its driver and lets the kernel probe it again, honouring its override. */
const bindDriver = z.strictObject({
  kind: z.literal('bind-driver'),
  address: bdfAddress,
  driver: z.literal(VFIO_PCI),
  expected: z.strictObject({ driver: z.string().nullable(), vendorId: z.string(), deviceId: z.string() }),
})

/** Gives /dev/vfio/<group> to the user the VM runs as. Lasts until the group is released or the host reboots. */
const grantDeviceAccess = z.strictObject({
  kind: z.literal('grant-device-access'),
  group: z.number().int().min(0),
  uid: z.number().int().min(1),
  expected: z.strictObject({ uid: z.number().int() }),
})

/**
 * Gives the node of a USB device, keyboard, mouse, disk or kvmfr to the user the VM runs as, until udev makes the
 * node anew. `id` is the USB port or udev's lasting name; `expected.what` is what has to be there, in its own words.
 */
const grantNodeAccess = z.strictObject({
  kind: z.literal('grant-node-access'),
  what: z.enum(['usb', 'input', 'disk', 'kvmfr']),
  id: z.string(),
  node: z.string().regex(/^\/dev\/(bus\/usb\/\d{3}\/\d{3}|input\/event\d+|[a-z][a-z0-9]+|kvmfr0)$/u),
  uid: z.number().int().min(1),
  expected: z.strictObject({ uid: z.number().int(), what: z.string() }),
})

/** Makes the proof guest's files from this host's own kernel and initramfs; group `gid` may read them. */
const buildProofGuest = z.strictObject({
  kind: z.literal('build-proof-guest'),
  kernel: absolutePath,
  initrd: absolutePath,
  directory: absolutePath,
  note: z.string().max(1000),
  gid: z.number().int(),
})

/**
 * Lets the kernel make as many huge pages of 2 MiB as programs ask for, up to `pages`. It makes them when the VM
 * starts and has them back when it ends, however it ends; only the limit stays, until undo or reboot.
 */
const reserveHugePages = z.strictObject({
  kind: z.literal('reserve-huge-pages'),
  pages: z.number().int().min(1).max(2_097_152),
  expected: z.strictObject({ limit: z.number().int() }),
})

const bridging = { manager: networkManagerId, uplink: linkName, bridge: linkName }

/**
 * First change of a new bridge: starts a timer of systemd that takes the whole transaction back after `seconds`
 * unless it was confirmed, and then has the manager let go of the uplink. Its undo comes last and brings the
 * uplink's old configuration to life.
 */
const guardNetwork = z.strictObject({
  kind: z.literal('guard-network'),
  ...bridging,
  seconds: z.number().int().min(30).max(600),
  expected: z.strictObject({ mac: z.string() }),
})

/** Last change of a new bridge: has the manager read its files and bring the bridge up; its undo takes the bridge down. */
const switchNetwork = z.strictObject({ kind: z.literal('switch-network'), ...bridging })

/** A persistent tap for one user, a port of a bridge. Lasts until undo or reboot (ip-tuntap(8)). */
const createTap = z.strictObject({
  kind: z.literal('create-tap'),
  name: linkName,
  bridge: linkName,
  uid: z.number().int().min(1),
})

/** Makes an empty disk image of a VM for its user. Undo keeps it once a guest has written to it. */
const createDiskImage = z.strictObject({
  kind: z.literal('create-disk-image'),
  path: absolutePath,
  format: z.enum(['qcow2', 'raw']),
  sizeGiB: z.number().int().min(1).max(65_536),
  uid: z.number().int().min(1),
  gid: z.number().int().min(1),
})

/** Gives a VM its own copy of the firmware's variables; one that is there already is kept. */
const copyFirmwareVars = z.strictObject({
  kind: z.literal('copy-firmware-vars'),
  template: absolutePath,
  path: absolutePath,
  uid: z.number().int().min(1),
  gid: z.number().int().min(1),
})

/** One reversible host change. Each carries the state it expects; a host that differs answers `conflict`. */
export const change = z.discriminatedUnion('kind', [
  writeFile,
  rebuildInitramfs,
  updateBootloader,
  kernelArgs,
  loadModule,
  overrideDriver,
  bindDriver,
  grantDeviceAccess,
  grantNodeAccess,
  buildProofGuest,
  guardNetwork,
  switchNetwork,
  createTap,
  createDiskImage,
  copyFirmwareVars,
  reserveHugePages,
])
export type Change = z.infer<typeof change>
export type ChangeKind = Change['kind']
export type ChangeOf<K extends ChangeKind> = Extract<Change, { kind: K }>
