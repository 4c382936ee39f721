import type { Facts } from '#shared/facts/facts.ts'
import type { DescribedDevice, Description } from '../description.ts'
import { factsFrom, simulated } from '../host.fixture.ts'
import { PAPER_WORKSTATION } from './workstation.ts'

/** Facts of the paper's workstation with its IOMMU on, changed as a test wants. */
export async function paperFacts(change: Partial<Description> = {}): Promise<Facts> {
  const machine = { ...PAPER_WORKSTATION, ...change }
  const cmdline = machine.files['/proc/cmdline'] ?? ''
  const files = { ...machine.files, '/proc/cmdline': `${cmdline.trim()} intel_iommu=on\n` }
  return factsFrom(simulated({ ...machine, files }))
}

export function withDevice(device: DescribedDevice): Pick<Description, 'devices'> {
  return { devices: [...PAPER_WORKSTATION.devices, device] }
}

/** An NVMe in the card's own IOMMU group that nothing is mounted from. */
export const SPARE_NVME: DescribedDevice = {
  address: '0000:07:00.0',
  ids: '144d:a808',
  class: '010802',
  kind: 'Non-Volatile memory controller',
  name: 'Samsung NVMe SSD',
  driver: 'nvme',
  group: 20,
}

/** A second card of the same make, in a group of its own. */
export const TWIN: DescribedDevice = {
  address: '0000:06:00.0',
  ids: '10de:13f1',
  class: '030000',
  kind: 'VGA compatible controller',
  name: 'NVIDIA Corporation GM204GL [Quadro M4000]',
  driver: 'nouveau',
  group: 21,
}
