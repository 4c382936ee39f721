import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts, User } from '#shared/facts/facts.ts'
import { tapName, vmMac } from '#shared/facts/network.ts'
import { isBridge } from '#shared/facts/pci.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { type VmDefinition, type VmDisk, type VmInput } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { hypervProperties } from './cpu/hyperv.ts'
import { decidePinning, decideSetApart } from './cpu/pinning.ts'
import type { Decided } from './decided.ts'
import { decideFirmware, usesBios } from './firmware.ts'
import { decideMemory, decideProcessors, sharedPictureMiB } from './memory/size.ts'

type Machine = Choices['definition']

/** Package names of Debian 13, and of Fedora and Arch; RHEL 9 has it in none. */
export const NO_SPICE =
  'This QEMU has no SPICE. It may be a package apart: qemu-system-modules-spice, or qemu-audio-spice and qemu-ui-spice-core.'

/** The user a VM runs as: whoever looks, or for root the first human account; null when there is none. */
export function vmUser(facts: Facts): User | null {
  const { uid } = facts.session
  return (uid === 0 ? facts.users[0] : facts.users.find((user) => user.uid === uid)) ?? null
}

/**
 * The definition the choices lead to on this host; null while no card, no user or no QEMU is there. `written` is the VM
 * of that name as it was written before.
 */
export function defineVm(
  facts: Facts,
  choices: Choices,
  card: UnitView | null,
  written: VmDefinition | null,
): VmDefinition | null {
  const user = vmUser(facts)
  const { qemu } = facts
  if (card === null || user === null || qemu === null || isUnknown(qemu)) return null
  const { definition } = choices
  const processors = decideProcessors(facts, definition, card).value
  const pinning = decidePinning(facts, definition, card, processors).value
  return {
    version: 2,
    name: definition.name,
    profile: definition.profile,
    machine: machineType(written, qemu),
    memoryMiB: decideMemory(facts, definition).value,
    cpu: { ...processors, properties: cpuProperties(facts, definition, qemu, processors.threads) },
    hugePages: definition.hugePages,
    pinning,
    setApart: decideSetApart(facts, definition, pinning),
    firmware: decideFirmware(definition, qemu).value,
    legacyVga: showsLegacyVga(definition, card),
    tpm: decideTpm(facts, definition).value,
    disk: decideDisk(definition).value,
    installIso: isProof(definition) ? null : definition.installIso,
    driverIso: isWindows(definition) ? definition.driverIso : null,
    functions: card.functions.filter((device) => !isBridge(device)).map((device) => device.address),
    network: vmNetwork(facts, choices),
    extraDevices: definition.extraDevices,
    usbDevices: isProof(definition) ? [] : definition.usb,
    inputDevices: isProof(definition) ? [] : definition.evdev.map((path) => ({ path, kind: inputKind(facts, path) })),
    audio: definition.audio === 'none' ? null : definition.audio,
    screen: decideScreen(definition).value,
    spice: decideSpice(definition, qemu).value,
    ...sharedPictureOf(facts, definition),
    user: { name: user.name, uid: user.uid, gid: user.gid },
  }
}

/** The tap of the chosen bridge, which steps 7 and 9 make; vhost where the kernel offers it. */
function vmNetwork(facts: Facts, choices: Choices): VmDefinition['network'] {
  if (choices.network.mode === 'user') return { kind: 'user' }
  const { name } = choices.definition
  return { kind: 'tap', tap: tapName(name), vhost: facts.network.vhostNet, mac: vmMac(facts.host.hostname, name) }
}

/** QEMU's own screen and the card cannot both be the guest's VGA. */
function showsLegacyVga(choice: Machine, card: UnitView): boolean {
  const vga = card.functions[0]?.classId.startsWith('0300') === true
  return usesBios(choice) && vga && !decideScreen(choice).value
}

/** udev ends the names of keyboards with -kbd; that holds where the device is unplugged just now. */
function inputKind(facts: Facts, path: string): VmInput['kind'] {
  const { input } = facts.peripherals
  const found = isUnknown(input) ? undefined : input.find((device) => device.path === path)
  return found?.kind ?? (path.endsWith('kbd') ? 'keyboard' : 'mouse')
}

/** The memory of kvmfr where its module is loaded with room for this picture, else a file of the VM's own. */
export function sharedPictureOf(
  { peripherals }: Facts,
  choice: Machine,
): Pick<VmDefinition, 'lookingGlassMiB' | 'kvmfr'> {
  if (choice.lookingGlass === null) return { lookingGlassMiB: null, kvmfr: false }
  const needed = sharedPictureMiB(choice.lookingGlass)
  const size = peripherals.kvmfr === null || isUnknown(peripherals.kvmfr) ? 0 : peripherals.kvmfr.sizeMiB
  return size >= needed ? { lookingGlassMiB: size, kvmfr: true } : { lookingGlassMiB: needed, kvmfr: false }
}

export function isWindows(choice: Pick<Machine, 'profile'>): boolean {
  return choice.profile === 'windows-11' || choice.profile === 'windows-10'
}

function isProof(choice: Pick<Machine, 'profile'>): boolean {
  return choice.profile === 'proof-guest'
}

/** A guest keeps the machine type it was made with as long as QEMU has it: Windows asks for activation on a new one. */
function machineType(written: VmDefinition | null, qemu: QemuFacts): string {
  const former = written?.machine
  if (former !== undefined && qemu.machines.includes(former)) return former
  return qemu.q35 ?? 'q35'
}

/** The host's processor with its real clock and address width, and for Windows what makes it feel at home. */
function cpuProperties(facts: Facts, choice: Machine, qemu: QemuFacts, threads: number): string[] {
  if (isProof(choice)) return []
  const known = qemu.cpuProperties ?? []
  const wanted = [
    ['migratable', 'off'],
    ['invtsc', 'on'],
    ['host-phys-bits', 'on'],
    // QEMU hides the threads of an AMD core without it.
    ...(facts.cpu.vendor === 'amd' && threads > 1 ? [['topoext', 'on']] : []),
  ]
  const plain = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => pair.join('='))
  return isWindows(choice) ? [...plain, ...hypervProperties(known)] : plain
}

export function decideTpm(facts: Facts, choice: Machine): Decided<boolean> {
  if (isProof(choice)) return { value: false, reason: 'The proof guest needs none.' }
  if (choice.tpm !== null) return { value: choice.tpm, reason: 'As you chose.' }
  if (choice.profile !== 'windows-11') return { value: false, reason: 'Only Windows 11 asks for one.' }
  const value = facts.tools['swtpm'] === true
  return { value, reason: value ? 'Windows 11 asks for TPM 2.0; swtpm emulates one.' : 'swtpm is not installed.' }
}

/** Windows 11 needs 64 GB for itself (Microsoft's requirements); design software needs as much again. */
export function decideDisk(choice: Machine): Decided<VmDisk | null> {
  if (isProof(choice)) return { value: null, reason: 'The proof guest needs none.' }
  if (choice.disk !== null) return { value: choice.disk, reason: 'As you chose.' }
  const sizeGiB = isWindows(choice) ? 128 : 64
  return {
    value: { kind: 'new', format: 'qcow2', sizeGiB },
    reason: `A new ${sizeGiB} GiB image that grows as the guest writes.`,
  }
}

export function decideScreen(choice: Machine): Decided<boolean> {
  if (choice.screen !== null) return { value: choice.screen, reason: 'As you chose.' }
  if (isProof(choice)) return { value: true, reason: 'The console shows what the guest sees, as the guest draws it.' }
  return { value: true, reason: 'Needed to install the system; switch it off once the card’s driver shows a picture.' }
}

/** QEMU counts SPICE among its back ends for sound where it was built with it (audio/spiceaudio.c). */
export function hasSpice(qemu: Pick<QemuFacts, 'audio'>): boolean {
  return qemu.audio?.includes('spice') === true
}

/** Looking Glass shares the picture only; its client types and points by SPICE. */
export function decideSpice(choice: Machine, qemu: Pick<QemuFacts, 'audio'>): Decided<boolean> {
  if (isProof(choice)) return { value: false, reason: 'The proof guest needs none.' }
  if (!hasSpice(qemu)) return { value: false, reason: NO_SPICE }
  if (choice.spice !== null) return { value: choice.spice, reason: 'As you chose.' }
  return choice.lookingGlass === null
    ? { value: false, reason: 'For virt-viewer, which shares the clipboard; the console needs none.' }
    : { value: true, reason: 'Looking Glass brings keyboard, mouse and clipboard by it.' }
}

/** The saved file: readable JSON with a newline at its end. */
export function definitionText(definition: VmDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}
