import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import { classWords, type Device, deviceName, shortAddress } from '#shared/facts/pci.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { DecisionView, DefinitionView } from '#shared/ipc/definition-view.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { AUDIO_DRIVERS, type VmDisk, type VmFirmware, vmPaths } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { cpuIsolationBlocked, decidePinning, SET_APART_REASON } from './cpu/pinning.ts'
import type { Decided } from './decided.ts'
import { decideDisk, decideScreen, decideSpice, decideTpm, hasSpice, NO_SPICE, sharedPictureOf } from './definition.ts'
import { decideFirmware, secureFirmware, usesBios } from './firmware.ts'
import { HUGE_PAGES_REASON, hugePagesBlocked } from './memory/huge-pages.ts'
import { decideMemory, decideProcessors, sharedPictureMiB } from './memory/size.ts'
import { peripheralsView } from './peripherals-view.ts'

const SOUND = { pipewire: 'PipeWire', pa: 'PulseAudio', alsa: 'ALSA, past the desktop' } as const
const NO_UEFI = 'No UEFI firmware is installed here (package ovmf or edk2-ovmf).'
const NO_TPM = 'swtpm is not installed here.'

/** What step 8 offers and decides; null while QEMU is not known. */
export function viewDefinition(facts: Facts, choices: Choices, card: UnitView | null): DefinitionView | null {
  const { qemu } = facts
  if (qemu === null || isUnknown(qemu)) return null
  const { definition } = choices
  const cpu = decideProcessors(facts, definition, card)
  const pinning = decidePinning(facts, definition, card, cpu.value)
  const firmware = decideFirmware(definition, qemu)
  return {
    profiles: profiles(facts, qemu),
    memory: words(decideMemory(facts, definition), (memory) => `${memory} MiB`),
    processors: words(cpu, ({ cores, threads }) => `${cores * threads}`),
    pinning: words(pinning, (value) => onOff(value !== null)),
    setApart: { reason: SET_APART_REASON, blocked: cpuIsolationBlocked(facts, pinning.value) },
    hugePages: {
      reason: HUGE_PAGES_REASON,
      blocked: hugePagesBlocked(facts, decideMemory(facts, definition).value),
    },
    disk: words(decideDisk(definition), diskWords),
    firmware: words(firmware, (value) => firmwareWords(definition, value)),
    tpm: words(decideTpm(facts, definition), onOff),
    screen: words(decideScreen(definition), onOff),
    spice: { ...words(decideSpice(definition, qemu), onOff), blocked: hasSpice(qemu) ? null : NO_SPICE },
    secureBootBlocked:
      secureFirmware(qemu) === null ? 'No firmware with Secure Boot and keys is installed here.' : null,
    tpmBlocked: tpmBlocked(facts, qemu),
    audio: AUDIO_DRIVERS.filter((id) => qemu.audio?.includes(id)).map((id) => ({ id, title: SOUND[id] })),
    controllers: controllers(facts, card),
    sharedPictureBlocked: qemu.devices.includes('ivshmem-plain') ? null : 'This QEMU has no ivshmem-plain.',
    sharedPictureMiB: definition.lookingGlass === null ? null : sharedPictureMiB(definition.lookingGlass),
    sharedPicturePlace: sharedPicturePlace(facts, choices),
    bios: biosOption(facts, definition),
    ...peripheralsView(facts, qemu, card?.functions.map((device) => device.address) ?? []),
  }
}

function sharedPicturePlace(facts: Facts, { definition }: Choices): string {
  if (sharedPictureOf(facts, definition).kvmfr) return KVMFR_NODE
  return vmPaths(definition.name).sharedPicture
}

/** VGA of the guest goes through to the card only by a kernel built for it (drivers/vfio/pci/Kconfig). */
function biosOption({ kernel }: Facts, { profile }: Choices['definition']): DefinitionView['bios'] {
  const offered = profile === 'windows-10' || profile === 'linux'
  const text =
    'Only to follow the paper. The card then is the guest’s VGA (x-vga), and takes the host’s VGA addresses while it runs; switch the screen below off for that.'
  const known = isUnknown(kernel.config) ? null : (kernel.config.options['VFIO_PCI_VGA'] ?? 'n')
  if (known === 'y') return { offered, text, blocked: null }
  const why =
    known === null
      ? 'Whether this kernel has CONFIG_VFIO_PCI_VGA, which the card’s picture needs then, cannot be read.'
      : 'This kernel is built without CONFIG_VFIO_PCI_VGA, so the card would show nothing. UEFI needs no such kernel.'
  return { offered, text, blocked: why }
}

function words<T>({ value, reason }: Decided<T>, say: (value: T) => string): DecisionView {
  return { value: say(value), reason }
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off'
}

function diskWords(disk: VmDisk | null): string {
  if (disk === null) return 'none'
  return disk.kind === 'new' ? `new, ${disk.sizeGiB} GiB, ${disk.format}` : disk.path
}

function firmwareWords(choice: Choices['definition'], firmware: VmFirmware | null): string {
  if (firmware === null) return usesBios(choice) ? 'SeaBIOS' : 'none'
  return firmware.secureBoot ? 'UEFI with Secure Boot' : 'UEFI'
}

function tpmBlocked(facts: Facts, qemu: QemuFacts): string | null {
  if (!qemu.devices.includes('tpm-crb')) return 'This QEMU has no tpm-crb.'
  return facts.tools['swtpm'] === true ? null : NO_TPM
}

function profiles(facts: Facts, qemu: QemuFacts): DefinitionView['profiles'] {
  const uefi = qemu.firmware.length === 0 ? NO_UEFI : null
  const eleven = uefi ?? (secureFirmware(qemu) === null ? 'No firmware with Secure Boot is installed here.' : null)
  return [
    {
      id: 'windows-11',
      title: 'Windows 11 designer',
      text: 'Secure Boot, TPM 2.0 and what Windows knows of Hyper-V.',
      blocked: eleven ?? tpmBlocked(facts, qemu),
    },
    { id: 'windows-10', title: 'Windows 10', text: 'UEFI and what Windows knows of Hyper-V.', blocked: uefi },
    { id: 'linux', title: 'Linux', text: 'UEFI and virtio devices; the guest brings its own drivers.', blocked: uefi },
    {
      id: 'proof-guest',
      title: 'Proof guest',
      text: 'This host’s own kernel with one script that reports the card it sees. Needs no disk and no installation.',
      blocked: null,
    },
  ]
}

/** Teradici's vendor id: PCoIP host cards, as in the paper. */
const TERADICI = '6549'

export function isPcoipCard({ vendorId }: Pick<Device, 'vendorId'>): boolean {
  return vendorId === TERADICI
}

/** Serial bus controllers of class 0c03 and PCoIP cards, without the card's own functions. */
function controllers(facts: Facts, card: UnitView | null): DefinitionView['controllers'] {
  const own = card?.functions.map((device) => device.address) ?? []
  return facts.devices
    .filter((device) => device.classId.startsWith('0c03') || isPcoipCard(device))
    .filter((device) => !own.includes(device.address))
    .map((device) => ({ address: device.address, title: controllerTitle(device), blocked: passthroughBlocker(device) }))
}

function controllerTitle(device: Device): string {
  return `${shortAddress(device.address)} ${classWords(device.classId)}, ${deviceName(device)}`
}

/** Why a further function cannot be passed; null: it can. */
export function passthroughBlocker(device: Pick<Device, 'driver'>): string | null {
  if (heldByVfio(device)) return null
  return `It is ${device.driver === null ? 'without a driver' : `on ${device.driver}`}; only what is on ${VFIO_PCI} can go along.`
}
