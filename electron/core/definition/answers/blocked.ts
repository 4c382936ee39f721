import { isUnknown } from '#shared/base/unknown.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { decideDisk } from '../disk/disk.ts'
import type { OptionContext } from '../topic.ts'

/** The class of PCI that controllers of disks have (PCI Code and ID Assignment, 01). */
const STORAGE = '01'

/**
 * Why Windows may not install itself in this VM; null: it may. Setup divides and formats the first disk it finds
 * without asking, so there may be no disk but an empty one that is made for it.
 */
export function answersBlocked(about: Pick<OptionContext, 'facts' | 'choices' | 'taken'>): string | null {
  const { definition: choice } = about.choices
  if (decideDisk(choice).value?.kind !== 'new')
    return 'The disk may hold something, and Setup would erase it unasked. Choose a new image.'
  if (choice.moreDisks.length > 0)
    return 'With several disks Setup could take the wrong one, and erases it unasked. Add the others afterwards.'
  const controller = about.taken.flatMap(({ functions }) => functions).find(isStorage)
  if (controller !== undefined)
    return `${shortAddress(controller.address)} brings disks of its own, which Setup could erase unasked. Give it to the VM afterwards.`
  return usbDisk(about)
}

function isStorage({ classId }: Pick<Device, 'classId'>): boolean {
  return classId.startsWith(STORAGE)
}

function usbDisk({ facts, choices }: Pick<OptionContext, 'facts' | 'choices'>): string | null {
  const { usb } = facts.peripherals
  const ports = choices.definition.usb.map(({ port }) => port)
  if (isUnknown(usb)) return ports.length === 0 ? null : 'Whether one of the USB devices is a disk cannot be read.'
  const disk = usb.find(({ port, kinds }) => ports.includes(port) && kinds.includes('storage'))
  return disk === undefined
    ? null
    : `${disk.name} is a disk, which Setup could erase unasked. Give it to the VM afterwards.`
}
