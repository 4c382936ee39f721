import { z } from 'zod'
import { RUN_DIRECTORY, saidNote, VM_RUN_DIRECTORY } from '../base/own-files.ts'
import { vmName } from '../base/vm-name.ts'
import { DEFINITION_FIELDS } from './options/options.ts'

/** A VM as it is saved: one readable file. */
export const vmDefinition = z.strictObject({
  version: z.literal(2),
  ...DEFINITION_FIELDS,
  /** The name stands in a comment of start-vm.sh, so it may not start another line. */
  user: z.strictObject({
    name: z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u),
    uid: z.number().int().min(1),
    gid: z.number().int().min(1),
  }),
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

/** Returns every function of the host that a VM has, its first unit's before the others. */
export function givenTo({ functions, extraDevices }: Pick<VmDefinition, 'functions' | 'extraDevices'>): string[] {
  return [...functions, ...extraDevices]
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

/** The unit a VM is where systemd runs. */
export function vmUnit(name: string): string {
  return `passthrough-studio-vm-${name}.service`
}

/**
 * Fixed places of a VM's files. Sockets live below /run, in a directory only the VM's user may enter. `place`: another
 * such directory, with the log beside it.
 */
export function vmPaths(name: string, place?: string) {
  const run = place ?? `${VM_RUN_DIRECTORY}/${name}`
  const home = `${DATA}/vms/${name}`
  return {
    home,
    definition: `${home}/vm.json`,
    script: `${home}/start-vm.sh`,
    /** What root does on the host before QEMU starts and after it has ended. */
    host: `${home}/host.sh`,
    unit: `/etc/systemd/system/${vmUnit(name)}`,
    /** There when the last start failed. */
    failed: `${home}/start-failed`,
    kernel: `${home}/proof-kernel`,
    initrd: `${home}/proof-initrd.img`,
    /** Name without its ending, which is the format. */
    disk: `${home}/disk`,
    /** The disc that answers Windows' Setup; it holds a password. */
    answers: `${home}/answers.iso`,
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
    /** Where virtiofsd serves a shared folder, by its number. */
    folder: (number: number) => `${run}/folder${number}.sock`,
    /** Process id of start-vm.sh and when it began, in seconds since 1970. */
    started: `${run}/started`,
    /** A copy of the definition, while QEMU is there: step 8 may have written another since. */
    startedAs: `${run}/vm.json`,
    /** QEMU's exit code, written by start-vm.sh; followed by `oom` when the kernel killed for lack of memory. */
    exit: `${run}/exit-code`,
    /** There once somebody forced the VM off; its next start takes it away. */
    forced: `${run}/forced`,
    sharedPicture: `${run}/looking-glass`,
    /** What QEMU says. */
    log: `${run}/log`,
    /** What the host's part had to say. */
    said: saidNote(name),
    /** Pipes of a monitor for start-vm.sh itself, which has no program that speaks to a socket. */
    ask: `${run}/ask`,
    pid: `${run}/qemu.pid`,
    /** There while the script waits for somebody to look at the VM's screen. */
    waits: `${run}/waits`,
    /** What the script could not do for the VM although it runs. */
    notes: `${run}/notes`,
  }
}
export type VmPaths = ReturnType<typeof vmPaths>

/** Where earlier versions had what is below /run: one that they started is still there after an update. */
export function earlierVmPaths(name: string): VmPaths {
  return vmPaths(name, `${RUN_DIRECTORY}/${name}`)
}

/** Memory that QEMU has to lock for VFIO: the guest's, and page tables, ROMs and BAR mappings beyond it. In KiB. */
export function lockedKiB(memoryMiB: number): number {
  return (memoryMiB + 1024) * 1024
}
