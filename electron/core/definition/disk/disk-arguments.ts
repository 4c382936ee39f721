import type { DiskBus, VmDisk } from '#shared/vm/options/disk.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { at, diskAt } from '../hardware/root-bus.ts'
import { type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import { diskFile } from './disk-file.ts'

interface Drive {
  /** 1: the system disk. */
  number: number
  bus: DiskBus
  disk: VmDisk
}

/** Disks of a VM, the system disk first. */
export function drivesOf({ disk, diskBus, moreDisks }: VmDefinition): Drive[] {
  return [...(disk === null ? [] : [{ number: 1, bus: diskBus, disk }]), ...moreDisks]
}

/** The VM's disks, each on its bus; without a whole disk of the host where that is left out. */
export function diskArguments(definition: VmDefinition, withHost: boolean): ArgumentGroup[] {
  const drives = drivesOf(definition).filter(({ disk }) => withHost || disk.kind !== 'device')
  const groups = drives.map((drive, index) => {
    const first = index === drives.findIndex(({ bus }) => bus.startsWith('virtio'))
    const thread = first ? ['-object', 'iothread,id=io0'] : []
    const scsi = index === drives.findIndex(({ bus }) => bus === 'virtio-scsi')
    const controller = scsi ? ['-device', `virtio-scsi-pci,id=scsi0,iothread=io0${at(definition, 'scsi')}`] : []
    return {
      reason:
        drive.number === 1
          ? 'The disk: past the host’s cache, with a thread of its own; space the guest frees is freed here too.'
          : `Disk ${drive.number}.`,
      args: [...thread, ...controller, ...blockdev(definition, drive), '-device', device(definition, drive)],
    }
  })
  return groups
}

const nodeOf = ({ number }: Drive) => `disk${number === 1 ? 0 : number}`

function blockdev({ name, diskIo }: VmDefinition, drive: Drive): string[] {
  const { disk, number } = drive
  const file = optionValue(diskFile(name, disk, number))
  const [format, driver] = disk.kind === 'device' ? ['raw', 'host_device'] : [disk.format, 'file']
  const direct = 'cache.direct=on,discard=unmap'
  return [
    '-blockdev',
    `driver=${format},node-name=${nodeOf(drive)},${direct},file.driver=${driver},file.filename=${file},file.cache.direct=on,file.discard=unmap${aio(disk, diskIo)}`,
  ]
}

/**
 * io_uring waits for a file in the kernel. Linux' native way may wait where it asks, as for space that a growing file has
 * not got yet, and then the disk's thread waits too; a whole disk has all its space.
 */
function aio(disk: VmDisk, ways: VmDefinition['diskIo']): string {
  const wanted = disk.kind === 'device' ? (['native', 'io_uring'] as const) : (['io_uring'] as const)
  const found = wanted.find((way) => ways.includes(way))
  return found === undefined ? '' : `,file.aio=${found}`
}

/** SATA has six ports, of which discs have the first two; a disk's number is also its port, target and serial number. */
function device(definition: VmDefinition, drive: Drive): string {
  const { number, bus } = drive
  const of = `drive=${nodeOf(drive)}`
  const boot = number === 1 ? ',bootindex=1' : ''
  const place = diskAt(definition, number)
  switch (bus) {
    case 'virtio-blk':
      return `virtio-blk-pci,${of},iothread=io0${boot}${place}`
    case 'virtio-scsi':
      return `scsi-hd,bus=scsi0.0,scsi-id=${number - 1},${of}${boot}`
    case 'sata':
      return `ide-hd,bus=ide.${number + 1},${of}${boot}`
    case 'nvme':
      return `nvme,serial=disk${number},${of}${boot}${place}`
  }
}
