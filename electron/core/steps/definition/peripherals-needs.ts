import { lastKeyboard, sameUsb } from '#core/definition/peripherals-view.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { present } from '#shared/plan/want-file.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { advise, fail, saw, unknown, warn } from '../step.ts'

const USB = '/sys/bus/usb/devices'
const INPUT = '/sys/class/input'
const DISKS = '/sys/class/block'

/** Whether what was chosen of the host's USB devices, keyboards and disks is there and can be spared. */
export function pluggedNeeds(facts: Facts, { machine }: Choices): Finding[] {
  return present([...usb(facts, machine), keyboard(facts, machine), ...evdev(facts, machine), disk(facts, machine)])
}

function usb({ plugged }: Facts, machine: Choices['machine']): Finding[] {
  const found = plugged.usb
  if (machine.usb.length === 0) return []
  if (isUnknown(found))
    return [unknown('machine-usb', 'The host’s USB devices cannot be read.', [saw(USB, found.unknown)])]
  return machine.usb.flatMap((chosen) => {
    const { port, vendorId, productId } = chosen
    const device = found.find((one) => one.port === port)
    const seen = [saw(`${USB}/${port}`, device === undefined ? null : `${device.vendorId}:${device.productId}`)]
    if (device === undefined || !sameUsb(chosen, device)) {
      const text = `${vendorId}:${productId} is not plugged into USB port ${port}; the guest gets it once it is.`
      return [warn(`machine-usb-${port.replaceAll('.', '-')}`, text, seen)]
    }
    if (device.use === null) return []
    const code = `machine-usb-${port.replaceAll('.', '-')}`
    return [fail(code, `${device.name} cannot go to the VM. ${device.use}`, seen, advise('Leave it out.'))]
  })
}

function keyboard(facts: Facts, machine: Choices['machine']): Finding | null {
  const last = lastKeyboard(facts, machine)
  if (last === null) return null
  return warn(
    'machine-keyboard',
    `${last.name} is the only keyboard of this host; while the VM runs, nobody can type on the host itself.`,
    [saw(`${USB}/${last.port}`, last.name)],
    advise('Share it by both Ctrl keys instead, or plug in a second one.'),
  )
}

function evdev({ plugged }: Facts, machine: Choices['machine']): Finding[] {
  const { input } = plugged
  if (machine.evdev.length === 0) return []
  if (isUnknown(input))
    return [unknown('machine-input', 'The host’s keyboards and mice cannot be read.', [saw(INPUT, input.unknown)])]
  const twice = input.filter(({ path, usbPort }) => {
    return path !== null && machine.evdev.includes(path) && machine.usb.some(({ port }) => port === usbPort)
  })
  if (twice.length > 0)
    return [
      fail(
        'machine-input',
        `${twice.map(({ name }) => name).join(' and ')} cannot be shared and given away at once.`,
        twice.map(({ path, node }) => saw(path ?? node, node)),
        advise('Choose one of both.'),
      ),
    ]
  const gone = machine.evdev.filter((path) => !input.some((device) => device.path === path))
  if (gone.length === 0) return []
  // QEMU does not start without one, unlike with a USB device.
  return [
    fail(
      'machine-input',
      `${gone.join(' and ')} is not plugged in; QEMU does not start without it.`,
      gone.map((path) => saw(path, null)),
      advise('Plug it in, or leave it out.'),
    ),
  ]
}

function disk({ plugged }: Facts, machine: Choices['machine']): Finding | null {
  if (machine.disk?.kind !== 'device') return null
  const { path } = machine.disk
  const { disks } = plugged
  if (isUnknown(disks)) return unknown('machine-disk', 'The host’s disks cannot be read.', [saw(DISKS, disks.unknown)])
  const found = disks.find((one) => one.path === path)
  const seen = [saw(path, found?.node ?? null)]
  if (found === undefined) return fail('machine-disk', `${path} is not there.`, seen, advise('Choose another disk.'))
  if (found.use === null) return null
  return fail('machine-disk', `${found.node} cannot go to the VM. ${found.use}`, seen, advise('Choose another disk.'))
}
