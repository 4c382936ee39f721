import { capital } from '#shared/base/text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { InputDevice, UsbDevice, WholeDisk } from '#shared/facts/peripherals.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { VmUsbDevice } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'

const GIB = 1_073_741_824

type PeripheralsView = Pick<DefinitionView, 'usb' | 'input' | 'disks' | 'peripheralsUnknown'>

/** USB devices, keyboards, mice and disks of the host that this QEMU can take, each with why it cannot go to the VM. */
export function peripheralsView({ peripherals }: Facts, qemu: QemuFacts, card: readonly string[]): PeripheralsView {
  const { usb, input, disks } = peripherals
  const takesUsb = qemu.devices.includes('usb-host') && qemu.devices.includes('qemu-xhci')
  const takesInput = qemu.objects?.includes('input-linux') === true
  return {
    usb: isUnknown(usb) || !takesUsb ? [] : usb.map((device) => usbOption(device, card)),
    input: isUnknown(input) || !takesInput ? [] : input.flatMap(inputOption),
    disks: isUnknown(disks) ? [] : disks.map(diskOption),
    peripheralsUnknown: [usb, input, disks].find(isUnknown)?.unknown ?? null,
  }
}

function usbOption(device: UsbDevice, card: readonly string[]): PeripheralsView['usb'][number] {
  const { port, vendorId, productId, name, controller, use } = device
  const onCard = controller !== null && card.includes(controller)
  const blocked = onCard ? 'It hangs on the card’s own USB controller and goes along with that.' : use
  const what = device.kinds.filter((kind) => kind !== 'other').join(' and ')
  return {
    device: { port, vendorId, productId },
    title: name,
    text: `${what === '' ? '' : `${capital(what)}, `}port ${port}`,
    blocked,
  }
}

function inputOption({ name, kind, path }: InputDevice): PeripheralsView['input'] {
  return path === null ? [] : [{ path, title: name, text: capital(kind) }]
}

function diskOption({ name, model, sizeBytes, path, use }: WholeDisk): PeripheralsView['disks'][number] {
  const size = `${(sizeBytes / GIB).toFixed(sizeBytes < 10 * GIB ? 1 : 0)} GiB`
  const nameless = 'udev gives it no name that lasts, so it could be another disk after the next boot.'
  return {
    path,
    title: `${model ?? name}, ${size}`,
    text: `/dev/${name}`,
    blocked: use ?? (path === null ? nameless : null),
  }
}

/** Whether a chosen device is the one that is plugged in there. */
export function sameUsb(chosen: VmUsbDevice, device: VmUsbDevice): boolean {
  return (['port', 'vendorId', 'productId'] as const).every((key) => chosen[key] === device[key])
}

/**
 * The USB keyboard whose loss leaves the host without any, if these choices take it; null: one is left. Where the
 * host's keyboards cannot be told, each one counts as the last. A PS/2 keyboard is on no port and stays.
 */
export function lastKeyboard({ peripherals }: Facts, { usb }: Pick<Choices['definition'], 'usb'>): UsbDevice | null {
  const devices = isUnknown(peripherals.usb) ? [] : peripherals.usb
  const taken = devices.filter((device) => device.kinds.includes('keyboard') && usb.some((one) => sameUsb(one, device)))
  const ports = taken.map(({ port }) => port)
  const keyboards = isUnknown(peripherals.input) ? [] : peripherals.input.filter(({ kind }) => kind === 'keyboard')
  const left = keyboards.some(({ usbPort }) => usbPort === null || !ports.includes(usbPort))
  return left ? null : (taken[0] ?? null)
}
