import { capital } from '#shared/base/text.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { UsbDevice } from '#shared/facts/peripherals.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { VmUsbDevice } from '#shared/vm/options/devices.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { at } from '../hardware/root-bus.ts'
import { isProof } from '../machine/profile.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { Choice, OptionContext } from '../topic.ts'

/** USB devices of the host that this QEMU can take, each with why it cannot go to the VM. */
export function usbOptions({ facts, qemu, card }: OptionContext): DefinitionView['usb'] {
  const { usb } = facts.peripherals
  const takes = qemu.devices.includes('usb-host') && qemu.devices.includes('qemu-xhci')
  const own = card?.functions.map((device) => device.address) ?? []
  return isUnknown(usb) || !takes ? [] : usb.map((device) => usbOption(device, own))
}

function usbOption(device: UsbDevice, card: readonly string[]): DefinitionView['usb'][number] {
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

/** Whether a chosen device is the one that is plugged in there. */
export function sameUsb(chosen: VmUsbDevice, device: VmUsbDevice): boolean {
  return (['port', 'vendorId', 'productId'] as const).every((key) => chosen[key] === device[key])
}

/**
 * The USB keyboard whose loss leaves the host without any, if these choices take it; null: one is left. Where the
 * host's keyboards cannot be told, each one counts as the last. A PS/2 keyboard is on no port and stays.
 */
export function lastKeyboard({ peripherals }: Facts, { usb }: Pick<Choice, 'usb'>): UsbDevice | null {
  const devices = isUnknown(peripherals.usb) ? [] : peripherals.usb
  const taken = devices.filter((device) => device.kinds.includes('keyboard') && usb.some((one) => sameUsb(one, device)))
  const ports = taken.map(({ port }) => port)
  const keyboards = isUnknown(peripherals.input) ? [] : peripherals.input.filter(({ kind }) => kind === 'keyboard')
  const left = keyboards.some(({ usbPort }) => usbPort === null || !ports.includes(usbPort))
  return left ? null : (taken[0] ?? null)
}

/** A USB 3 controller of QEMU's own, where something is plugged into it. */
export function usbArguments({ definition, withHost }: ArgumentContext): ArgumentGroup[] {
  const passed = withHost ? definition.usbDevices : []
  const points = hasPointer(definition)
  if (!points && passed.length === 0) return []
  const tablet = { reason: 'A pointer that follows the viewer’s.', args: ['-device', 'usb-tablet,bus=usb.0'] }
  return [
    { reason: 'A USB controller of QEMU’s own.', args: ['-device', `qemu-xhci,id=usb${at(definition, 'usb')}`] },
    ...(points ? [tablet] : []),
    ...passed.map(hostDevice),
  ]
}

/**
 * The proof guest reads no pointer. Looking Glass moves a mouse instead, which a tablet makes useless (its
 * documentation, "Keyboard/mouse/display/audio"); the console still needs the tablet for the installation.
 */
function hasPointer(definition: VmDefinition): boolean {
  const { screen, lookingGlassMiB, installIso } = definition
  return screen && !isProof(definition) && (lookingGlassMiB === null || installIso !== null)
}

function hostDevice({ port, vendorId, productId }: VmUsbDevice): ArgumentGroup {
  const [bus = '', place = ''] = port.split('-')
  const device = `usb-host,bus=usb.0,hostbus=${bus},hostport=${place},vendorid=0x${vendorId},productid=0x${productId}`
  return {
    reason: `${vendorId}:${productId}, while it is plugged into USB port ${port}.`,
    args: ['-device', device],
  }
}
