import type { QemuFacts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { NicModel } from '#shared/vm/options/network.ts'

/** QEMU's device of each model. */
export const NIC_DEVICES: Readonly<Record<NicModel, string>> = { virtio: 'virtio-net-pci', e1000e: 'e1000e' }

const WORDS: Readonly<Record<NicModel, { title: string; text: string }>> = {
  virtio: { title: 'virtio', text: 'Fastest; Windows needs its driver (NetKVM).' },
  e1000e: { title: 'e1000e', text: 'As a card of Intel’s; slower, and Windows 10 and 11 have a driver.' },
}

/** Kinds of network cards, each with why this QEMU has none. */
export function nicModels({ devices }: Pick<QemuFacts, 'devices'>): DefinitionView['nicModels'] {
  return (['virtio', 'e1000e'] as const).map((id) => {
    const device = NIC_DEVICES[id]
    return { id, ...WORDS[id], blocked: devices.includes(device) ? null : `This QEMU has no ${device}.` }
  })
}
