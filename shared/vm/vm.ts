import { z } from 'zod'
import { vmName } from '../base/vm-name.ts'
import { linkName, macAddress } from '../facts/network.ts'
import { bdfAddress } from '../facts/pci.ts'
import { diskPath, inputPath, usbId, usbPort } from '../facts/peripherals.ts'

const absolutePath = z.string().regex(/^\/[^\0\n]*$/u, 'an absolute path')

/** What the VM is for; it decides the defaults. The proof guest is this host's own kernel with one script. */
export const vmProfile = z.enum(['proof-guest', 'windows-11', 'windows-10', 'linux'])
export type VmProfile = z.infer<typeof vmProfile>

const imageFormat = z.enum(['qcow2', 'raw'])

/** The system disk: an image this program makes, one that exists, or a whole disk of the host. */
export const vmDisk = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('new'), format: imageFormat, sizeGiB: z.number().int().min(1).max(65_536) }),
  z.strictObject({ kind: z.literal('image'), format: imageFormat, path: absolutePath }),
  z.strictObject({ kind: z.literal('device'), path: diskPath }),
])
export type VmDisk = z.infer<typeof vmDisk>

/** UEFI as QEMU's firmware descriptors name it (docs/interop/firmware.json): code is shared, variables are the VM's own. */
const vmFirmware = z.strictObject({
  code: absolutePath,
  codeFormat: imageFormat,
  varsTemplate: absolutePath,
  varsFormat: imageFormat,
  secureBoot: z.boolean(),
  smm: z.boolean(),
})
export type VmFirmware = z.infer<typeof vmFirmware>

/** Sound back ends of QEMU this program can use, in the order it prefers them. */
export const AUDIO_DRIVERS = ['pipewire', 'pa', 'alsa'] as const
export const audioDriver = z.enum(AUDIO_DRIVERS)

/** Sizes a shared picture (Looking Glass) is offered in, smallest first. */
export const PICTURE_SIZES = [
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
] as const

/** Looking Glass shares the guest's picture: its largest width and height, and whether in HDR. */
export const sharedPicture = z.strictObject({
  width: z.number().int().min(640).max(15_360),
  height: z.number().int().min(480).max(8640),
  hdr: z.boolean(),
})

/** A USB device of the host: the port it is plugged into, and what has to be there. */
export const vmUsbDevice = z.strictObject({ port: usbPort, vendorId: usbId, productId: usbId })
export type VmUsbDevice = z.infer<typeof vmUsbDevice>

/** A keyboard or mouse of the host that guest and host share. */
const vmInput = z.strictObject({ path: inputPath, kind: z.enum(['keyboard', 'mouse']) })
export type VmInput = z.infer<typeof vmInput>

/** A private network inside QEMU, or a tap that is a port of a bridge of the host. */
const vmNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user') }),
  z.strictObject({
    kind: z.literal('tap'),
    tap: linkName,
    vhost: z.boolean(),
    mac: macAddress.optional(),
  }),
])

/** Logical processors of the host: one for each virtual processor in order, and those for all other threads of QEMU. */
const vmPinning = z.strictObject({
  vcpus: z.array(z.number().int().min(0)).min(1),
  emulator: z.array(z.number().int().min(0)).min(1),
})
export type VmPinning = z.infer<typeof vmPinning>

/** A VM as it is saved: one readable file. `functions` are passed through, function 0 first; null: there is none. */
export const vmDefinition = z.strictObject({
  version: z.literal(2),
  name: vmName,
  profile: vmProfile,
  /** QEMU's name, with its version where there is one: a guest keeps its hardware when QEMU is updated. */
  machine: z.string().regex(/^[A-Za-z0-9._-]+$/u),
  memoryMiB: z.number().int().min(256).max(4_194_304),
  /** threads * cores processors in one socket. */
  cpu: z.strictObject({
    cores: z.number().int().min(1).max(512),
    threads: z.number().int().min(1).max(8),
    /** CPU properties beyond those of the host, in the order QEMU gets them. */
    properties: z.array(z.string().regex(/^[a-z0-9=_-]+$/u)),
  }),
  /** Memory in pages of 2 MiB; `memoryMiB` is even then. */
  hugePages: z.boolean().default(false),
  /** Null: the host's scheduler decides where they run. */
  pinning: vmPinning.nullable().default(null),
  /** Other programs of the host are kept off the processors of `pinning.vcpus` while the VM runs. */
  setApart: z.boolean().default(false),
  /** UEFI; null: QEMU's own SeaBIOS, or for the proof guest nothing. */
  firmware: vmFirmware.nullable(),
  /** The card as the guest's legacy VGA (x-vga), which SeaBIOS needs to show a picture on it. */
  legacyVga: z.boolean().default(false),
  tpm: z.boolean(),
  disk: vmDisk.nullable(),
  installIso: absolutePath.nullable(),
  driverIso: absolutePath.nullable(),
  functions: z.array(bdfAddress).min(1).max(8),
  network: vmNetwork,
  /** Other functions of the host, each behind a root port of its own. */
  extraDevices: z.array(bdfAddress).max(8),
  usbDevices: z.array(vmUsbDevice).max(8).default([]),
  inputDevices: z.array(vmInput).max(4).default([]),
  audio: audioDriver.nullable(),
  /** A screen of QEMU's own, for the installation, on a unix socket. */
  screen: z.boolean(),
  /** Screen, keyboard, mouse and clipboard for SPICE viewers, on a unix socket. */
  spice: z.boolean().default(false),
  lookingGlassMiB: z.number().int().nullable(),
  /** The shared picture lies behind /dev/kvmfr0 instead of in a file. */
  kvmfr: z.boolean().default(false),
  user: z.strictObject({ name: z.string(), uid: z.number().int().min(1), gid: z.number().int().min(1) }),
})
export type VmDefinition = z.infer<typeof vmDefinition>

/** The definition in a vm.json; null: it is not one of this version's form. */
export function definitionIn(text: string): VmDefinition | null {
  try {
    return vmDefinition.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** `unknown`: it belongs to another user, whose private directory would tell. */
export const vmState = z.enum(['off', 'starting', 'running', 'stopping', 'attention', 'unknown'])
export type VmState = z.infer<typeof vmState>

export const VM_STATE_WORDS: Readonly<Record<VmState, string>> = {
  off: 'off',
  starting: 'starting',
  running: 'running',
  stopping: 'shutting down',
  attention: 'needs attention',
  unknown: 'not known',
}

/** Whether QEMU is there, with the guest running or not. */
export function isActive(state: VmState): boolean {
  return state === 'running' || state === 'starting' || state === 'stopping'
}

/** What the app knows of a VM now. `error` says why it needs attention; `waits`: QEMU lets the guest go on when told to. */
export const vmStatus = z.strictObject({
  name: vmName,
  state: vmState,
  since: z.string().nullable(),
  detail: z.string(),
  error: z.string().nullable(),
  resumable: z.boolean(),
})
export type VmStatus = z.infer<typeof vmStatus>

/** As much of a VM as it takes to ask for its state and to end it. */
export type VmRef = Pick<VmDefinition, 'name' | 'profile'>

/** Whether QEMU is there and holds what it was given; one that needs attention may be gone or still there. */
export function holdsDevices({ state, since }: Pick<VmStatus, 'state' | 'since'>): boolean {
  return isActive(state) || (state === 'attention' && since !== null)
}

/** One of the VMs of this host. `kept` false: its definition is there, but nothing was chosen for it here yet. */
export const vmEntry = vmStatus.extend({ selected: z.boolean(), configured: z.boolean() })
export type VmEntry = z.infer<typeof vmEntry>

/** A name no VM has yet. */
export function freeVmName(taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const name = `vm-${number}`
    if (!taken.includes(name)) return name
  }
}

const DATA = '/var/lib/passthrough-studio'

/** The transient unit a VM runs in where systemd runs. */
export function vmUnit(name: string): string {
  return `passthrough-studio-vm-${name}.service`
}

/** Fixed places of a VM's files. Sockets live below /run, in a directory only the VM's user may enter. */
export function vmPaths(name: string, run = `/run/passthrough-studio/${name}`) {
  const home = `${DATA}/vms/${name}`
  return {
    home,
    definition: `${home}/vm.json`,
    script: `${home}/start-vm.sh`,
    kernel: `${home}/proof-kernel`,
    initrd: `${home}/proof-initrd.img`,
    /** Name without its ending, which is the format. */
    disk: `${home}/disk`,
    vars: `${home}/vars`,
    tpmState: `${home}/tpm`,
    run,
    qmp: `${run}/qmp.sock`,
    /** A second monitor, which one program at a time keeps open for QEMU's events. */
    events: `${run}/events.sock`,
    vnc: `${run}/vnc.sock`,
    spice: `${run}/spice.sock`,
    /** The channel to QEMU's agent in the guest. */
    agent: `${run}/agent.sock`,
    serial: `${run}/serial.sock`,
    serialLog: `${run}/serial.log`,
    tpm: `${run}/tpm.sock`,
    /** Process id of start-vm.sh and when it began, in seconds since 1970. */
    started: `${run}/started`,
    /** A copy of the definition, while QEMU is there: step 8 may have written another since. */
    startedAs: `${run}/vm.json`,
    /** QEMU's exit code, written by start-vm.sh; followed by `oom` when the kernel killed for lack of memory. */
    exit: `${run}/exit-code`,
    /** There once somebody forced the VM off; its next start takes it away. */
    forced: `${run}/forced`,
    sharedPicture: `${run}/looking-glass`,
    log: `${run}.log`,
  }
}
export type VmPaths = ReturnType<typeof vmPaths>
