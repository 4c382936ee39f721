import { lastKeyboard, sameUsb } from '#core/definition/devices/usb.ts'
import { citeFile } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { present } from '#shared/plan/want-file.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, unknown, warn } from '../step.ts'

const USB = '/sys/bus/usb/devices'
const INPUT = '/sys/class/input'
const DISKS = '/sys/class/block'

/** Judges whether the chosen USB devices, keyboards and disks are there and can be spared. */
export function peripheralsNeeds(facts: Facts, { definition }: Choices): Finding[] {
  return present([
    ...usb(facts, definition),
    keyboard(facts, definition),
    ...evdev(facts, definition),
    ...disks(facts, definition),
  ])
}

function usb({ peripherals }: Facts, choice: Choices['definition']): Finding[] {
  const found = peripherals.usb
  if (choice.usb.length === 0) return []
  if (isUnknown(found))
    return [unknown('definition-usb', 'The host’s USB devices cannot be read.', [citeFile(USB, found.unknown)])]
  return choice.usb.flatMap((chosen) => {
    const { port, vendorId, productId } = chosen
    const device = found.find((one) => one.port === port)
    const seen = [citeFile(`${USB}/${port}`, device === undefined ? null : `${device.vendorId}:${device.productId}`)]
    if (device === undefined || !sameUsb(chosen, device)) {
      const text = `${vendorId}:${productId} is not plugged into USB port ${port}; the guest gets it once it is.`
      return [warn({ code: 'definition-usb', about: port } as const, text, seen)]
    }
    if (device.use === null) return []
    const code = { code: 'definition-usb', about: port } as const
    return [fail(code, `${device.name} cannot go to the VM. ${device.use}`, seen, manualFix('Leave it out.'))]
  })
}

function keyboard(facts: Facts, choice: Choices['definition']): Finding | null {
  const last = lastKeyboard(facts, choice)
  if (last === null) return null
  return warn(
    'definition-keyboard',
    `${last.name} is the only keyboard of this host; while the VM runs, nobody can type on the host itself.`,
    [citeFile(`${USB}/${last.port}`, last.name)],
    manualFix('Share it by both Ctrl keys instead, or plug in a second one.'),
  )
}

function evdev({ peripherals }: Facts, choice: Choices['definition']): Finding[] {
  const { input } = peripherals
  if (choice.evdev.length === 0) return []
  if (isUnknown(input))
    return [
      unknown('definition-input', 'The host’s keyboards and mice cannot be read.', [citeFile(INPUT, input.unknown)]),
    ]
  const twice = input.filter(({ path, usbPort }) => {
    return path !== null && choice.evdev.includes(path) && choice.usb.some(({ port }) => port === usbPort)
  })
  if (twice.length > 0)
    return [
      fail(
        'definition-input',
        `${twice.map(({ name }) => name).join(' and ')} cannot be shared and given away at once.`,
        twice.map(({ path, node }) => citeFile(path ?? node, node)),
        manualFix('Choose one of both.'),
      ),
    ]
  const gone = choice.evdev.filter((path) => !input.some((device) => device.path === path))
  if (gone.length === 0) return []
  // QEMU does not start without one, unlike with a USB device.
  return [
    fail(
      'definition-input',
      `${gone.join(' and ')} is not plugged in; QEMU does not start without it.`,
      gone.map((path) => citeFile(path, null)),
      manualFix('Plug it in, or leave it out.'),
    ),
  ]
}

/** Judges every whole disk of the host that the VM is to have. */
function disks(facts: Facts, choice: Choices['definition']): Finding[] {
  const chosen = [choice.disk, ...choice.moreDisks.map((more) => more.disk)]
  const paths = chosen.flatMap((disk) => (disk?.kind === 'device' ? [disk.path] : []))
  return [...new Set(paths)].flatMap((path) => {
    const twice = paths.filter((other) => other === path).length > 1
    if (!twice) return present([hostDisk(facts, path)])
    const advice = manualFix('Leave one of both out.')
    return [fail('definition-disk', `${path} cannot be two disks of the VM.`, [citeFile(path, 'chosen twice')], advice)]
  })
}

function hostDisk({ peripherals }: Facts, path: string): Finding | null {
  const known = peripherals.disks
  if (isUnknown(known))
    return unknown('definition-disk', 'The host’s disks cannot be read.', [citeFile(DISKS, known.unknown)])
  const found = known.find((one) => one.path === path)
  const seen = [citeFile(path, found?.node ?? null)]
  if (found === undefined)
    return fail('definition-disk', `${path} is not there.`, seen, manualFix('Choose another disk.'))
  if (found.use === null) return null
  return fail(
    'definition-disk',
    `${found.node} cannot go to the VM. ${found.use}`,
    seen,
    manualFix('Choose another disk.'),
  )
}
