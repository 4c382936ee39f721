import type { Description } from '../description.ts'
import { PAPER_WORKSTATION } from './workstation.ts'

/** A network card that can have three virtual functions, and their addresses. */
export const SHARING_CARD = '0000:06:00.0'
export const VIRTUAL_FUNCTIONS = ['0000:06:10.0', '0000:06:10.2', '0000:06:10.4'] as const

/** The IOMMU is on in the running kernel, and in each that the menu starts. */
const FILES = {
  ...Object.fromEntries(
    Object.entries(PAPER_WORKSTATION.files).map(([path, text]) => [
      path,
      text.replaceAll('quiet', 'quiet intel_iommu=on'),
    ]),
  ),
  [`/sys/bus/pci/devices/${SHARING_CARD}/sriov_drivers_autoprobe`]: '1\n',
}

/** The paper's workstation with such a card and its IOMMU on. `now`: virtual functions it has from the start. */
export function withVirtualFunctions(now = 0, driver = 'igb'): Description {
  const nic = { class: '020000', kind: 'Ethernet controller' }
  const card = { ...nic, address: SHARING_CARD, ids: '8086:1521', name: 'I350', driver, group: 40 }
  const virtual = VIRTUAL_FUNCTIONS.map((address, index) => ({
    ...{ ...nic, address, ids: '8086:1520', name: 'I350 Virtual Function', driver: 'igbvf', physfn: SHARING_CARD },
    group: 41 + index,
  }))
  const devices = [...PAPER_WORKSTATION.devices, { ...card, sriov: { total: 3, now } }, ...virtual]
  return { ...PAPER_WORKSTATION, devices, files: FILES }
}
