import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts, User } from '#shared/facts/facts.ts'
import { tapName, vmMac } from '#shared/facts/network.ts'
import { isBridge } from '#shared/facts/pci.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'
import { definitionIn, type VmDefinition, type VmDisk, type VmInput, vmPaths } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { hypervProperties } from './cpu/hyperv.ts'
import { decidePinning, decideSetApart } from './cpu/pinning.ts'
import type { Decided } from './decided.ts'
import { decideFirmware, usesBios } from './firmware.ts'
import { decideMemory, decideProcessors, sharedPictureMiB } from './memory/size.ts'

type Machine = Choices['machine']

/** Package names of Debian 13, and of Fedora and Arch; RHEL 9 has it in none. */
export const NO_SPICE =
  'This QEMU has no SPICE. It may be a package apart: qemu-system-modules-spice, or qemu-audio-spice and qemu-ui-spice-core.'

/** The user a VM runs as: whoever looks, or for root the first human account; null when there is none. */
export function vmUser(facts: Facts): User | null {
  const { uid } = facts.session
  return (uid === 0 ? facts.users[0] : facts.users.find((user) => user.uid === uid)) ?? null
}

/** The definition the choices lead to on this host; null while no card, no user or no QEMU is there. */
export function defineVm(facts: Facts, choices: Choices, card: GpuView | null): VmDefinition | null {
  const user = vmUser(facts)
  const { qemu } = facts
  if (card === null || user === null || qemu === null || isUnknown(qemu)) return null
  const { machine } = choices
  const processors = decideProcessors(facts, machine, card).value
  const pinning = decidePinning(facts, machine, card, processors).value
  return {
    version: 2,
    name: machine.name,
    profile: machine.profile,
    machine: machineType(facts, machine.name, qemu),
    memoryMiB: decideMemory(facts, machine).value,
    cpu: { ...processors, properties: cpuProperties(facts, machine, qemu, processors.threads) },
    hugePages: machine.hugePages,
    pinning,
    setApart: decideSetApart(facts, machine, pinning),
    firmware: decideFirmware(machine, qemu).value,
    legacyVga: showsLegacyVga(machine, card),
    tpm: decideTpm(facts, machine).value,
    disk: decideDisk(machine).value,
    installIso: isProof(machine) ? null : machine.installIso,
    driverIso: isWindows(machine) ? machine.driverIso : null,
    functions: card.functions.filter((device) => !isBridge(device)).map((device) => device.address),
    network: vmNetwork(facts, choices),
    extraDevices: machine.extraDevices,
    usbDevices: isProof(machine) ? [] : machine.usb,
    inputDevices: isProof(machine) ? [] : machine.evdev.map((path) => ({ path, kind: inputKind(facts, path) })),
    audio: machine.audio === 'none' ? null : machine.audio,
    screen: decideScreen(machine).value,
    spice: decideSpice(machine, qemu).value,
    ...sharedPictureOf(facts, machine),
    user: { name: user.name, uid: user.uid, gid: user.gid },
  }
}

/** The tap of the chosen bridge, which steps 7 and 9 make; vhost where the kernel offers it. */
function vmNetwork(facts: Facts, choices: Choices): VmDefinition['network'] {
  if (choices.network.mode === 'user') return { kind: 'user' }
  const { name } = choices.machine
  return { kind: 'tap', tap: tapName(name), vhost: facts.network.vhostNet, mac: vmMac(facts.machine.hostname, name) }
}

/** QEMU's own screen and the card cannot both be the guest's VGA. */
function showsLegacyVga(machine: Machine, card: GpuView): boolean {
  const vga = card.functions[0]?.classId.startsWith('0300') === true
  return usesBios(machine) && vga && !decideScreen(machine).value
}

/** udev ends the names of keyboards with -kbd; that holds where the device is unplugged just now. */
function inputKind(facts: Facts, path: string): VmInput['kind'] {
  const { input } = facts.plugged
  const found = isUnknown(input) ? undefined : input.find((device) => device.path === path)
  return found?.kind ?? (path.endsWith('kbd') ? 'keyboard' : 'mouse')
}

/** The memory of kvmfr where its module is loaded with room for this picture, else a file of the VM's own. */
export function sharedPictureOf({ plugged }: Facts, machine: Machine): Pick<VmDefinition, 'lookingGlassMiB' | 'kvmfr'> {
  if (machine.lookingGlass === null) return { lookingGlassMiB: null, kvmfr: false }
  const needed = sharedPictureMiB(machine.lookingGlass)
  const size = plugged.kvmfr === null || isUnknown(plugged.kvmfr) ? 0 : plugged.kvmfr.sizeMiB
  return size >= needed ? { lookingGlassMiB: size, kvmfr: true } : { lookingGlassMiB: needed, kvmfr: false }
}

export function isWindows(machine: Pick<Machine, 'profile'>): boolean {
  return machine.profile === 'windows-11' || machine.profile === 'windows-10'
}

function isProof(machine: Pick<Machine, 'profile'>): boolean {
  return machine.profile === 'proof-guest'
}

/** A guest keeps the machine it was made with as long as QEMU has it: Windows asks for activation on a new one. */
function machineType(facts: Facts, name: string, qemu: QemuFacts): string {
  const former = savedVm(facts, name)?.machine
  if (former !== undefined && qemu.machines.includes(former)) return former
  return qemu.q35 ?? 'q35'
}

/** The VM as step 8 wrote it; null: not yet, or not in this version's form. */
export function savedVm(facts: Facts, name: string): VmDefinition | null {
  const file = facts.files[vmPaths(name).definition]
  return file === undefined || file === null || isUnknown(file) ? null : definitionIn(file.text)
}

/** The host's processor with its real clock and address width, and for Windows what makes it feel at home. */
function cpuProperties(facts: Facts, machine: Machine, qemu: QemuFacts, threads: number): string[] {
  if (isProof(machine)) return []
  const known = qemu.cpuProperties ?? []
  const wanted = [
    ['migratable', 'off'],
    ['invtsc', 'on'],
    ['host-phys-bits', 'on'],
    // QEMU hides the threads of an AMD core without it.
    ...(facts.cpu.vendor === 'amd' && threads > 1 ? [['topoext', 'on']] : []),
  ]
  const plain = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => pair.join('='))
  return isWindows(machine) ? [...plain, ...hypervProperties(known)] : plain
}

export function decideTpm(facts: Facts, machine: Machine): Decided<boolean> {
  if (isProof(machine)) return { value: false, reason: 'The proof guest needs none.' }
  if (machine.tpm !== null) return { value: machine.tpm, reason: 'As you chose.' }
  if (machine.profile !== 'windows-11') return { value: false, reason: 'Only Windows 11 asks for one.' }
  const value = facts.tools['swtpm'] === true
  return { value, reason: value ? 'Windows 11 asks for TPM 2.0; swtpm emulates one.' : 'swtpm is not installed.' }
}

/** Windows 11 needs 64 GB for itself (Microsoft's requirements); design software needs as much again. */
export function decideDisk(machine: Machine): Decided<VmDisk | null> {
  if (isProof(machine)) return { value: null, reason: 'The proof guest needs none.' }
  if (machine.disk !== null) return { value: machine.disk, reason: 'As you chose.' }
  const sizeGiB = isWindows(machine) ? 128 : 64
  return {
    value: { kind: 'new', format: 'qcow2', sizeGiB },
    reason: `A new ${sizeGiB} GiB image that grows as the guest writes.`,
  }
}

export function decideScreen(machine: Machine): Decided<boolean> {
  if (machine.screen !== null) return { value: machine.screen, reason: 'As you chose.' }
  if (isProof(machine)) return { value: true, reason: 'The console shows what the guest sees, as the guest draws it.' }
  return { value: true, reason: 'Needed to install the system; switch it off once the card’s driver shows a picture.' }
}

/** QEMU counts SPICE among its back ends for sound where it was built with it (audio/spiceaudio.c). */
export function hasSpice(qemu: Pick<QemuFacts, 'audio'>): boolean {
  return qemu.audio?.includes('spice') === true
}

/** Looking Glass shares the picture only; its client types and points by SPICE. */
export function decideSpice(machine: Machine, qemu: Pick<QemuFacts, 'audio'>): Decided<boolean> {
  if (isProof(machine)) return { value: false, reason: 'The proof guest needs none.' }
  if (!hasSpice(qemu)) return { value: false, reason: NO_SPICE }
  if (machine.spice !== null) return { value: machine.spice, reason: 'As you chose.' }
  return machine.lookingGlass === null
    ? { value: false, reason: 'For virt-viewer, which shares the clipboard; the console needs none.' }
    : { value: true, reason: 'Looking Glass brings keyboard, mouse and clipboard by it.' }
}

/** The saved file: readable JSON with a newline at its end. */
export function definitionText(definition: VmDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}
