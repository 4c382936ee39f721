import type { QemuFacts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { DiskBus } from '#shared/vm/options/disk.ts'

/** QEMU's devices that a bus takes. */
const NEEDS: Readonly<Record<DiskBus, readonly string[]>> = {
  'virtio-blk': ['virtio-blk-pci'],
  'virtio-scsi': ['virtio-scsi-pci', 'scsi-hd'],
  sata: ['ide-hd'],
  nvme: ['nvme'],
}

const WORDS: Readonly<Record<DiskBus, { title: string; text: string }>> = {
  'virtio-blk': { title: 'virtio-blk', text: 'Fastest; Windows needs its driver (viostor).' },
  'virtio-scsi': { title: 'virtio-scsi', text: 'As a SCSI disk; Windows needs its driver (vioscsi).' },
  sata: { title: 'SATA', text: 'Slower; every system has a driver, also one moved here from another computer.' },
  nvme: { title: 'NVMe', text: 'Systems since about 2015 have a driver.' },
}

const BUSES = ['virtio-blk', 'virtio-scsi', 'sata', 'nvme'] as const

/** Buses that a disk can be on, each with why this QEMU cannot. */
export function busOptions({ devices }: Pick<QemuFacts, 'devices'>): DefinitionView['buses'] {
  return BUSES.map((id) => {
    const lacking = NEEDS[id].find((device) => !devices.includes(device))
    return { id, ...WORDS[id], blocked: lacking === undefined ? null : `This QEMU has no ${lacking}.` }
  })
}

/** Whether Windows has no driver of its own for disks on this bus. */
export function needsDriver(bus: DiskBus): boolean {
  return bus === 'virtio-blk' || bus === 'virtio-scsi'
}
