import type { LinkResult } from '#shared/base/system.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import type { AtStart } from '#shared/vm/options/at-start.ts'

const PCI = '/sys/bus/pci'

/** As much of a kernel as it takes to give a function from one driver to another. */
export interface Kernel {
  link(path: string): Promise<LinkResult>
  writeAttribute(path: string, value: string): Promise<void>
}

/** What cards.sh does, on a host of which only the model of a kernel is there. */
export class SimulatedCards {
  private readonly kernel: Kernel
  /** Addresses that each VM has taken, in their order. */
  private readonly taken = new Map<string, string[]>()

  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  async take(name: string, atStart: AtStart | undefined): Promise<void> {
    const addresses = (atStart?.functions ?? []).map(({ address }) => address)
    this.taken.set(name, addresses)
    for (const address of addresses) await this.move(address, VFIO_PCI)
  }

  async giveBack(name: string): Promise<void> {
    const addresses = this.taken.get(name) ?? []
    this.taken.delete(name)
    // An empty line clears the override (kernel ABI, sysfs-bus-pci).
    for (const address of addresses.reverse()) await this.move(address, '\n')
  }

  private async move(address: string, override: string): Promise<void> {
    const device = `${PCI}/devices/${address}`
    await this.kernel.writeAttribute(`${device}/driver_override`, override)
    if ((await this.kernel.link(`${device}/driver`)).kind === 'target')
      await this.kernel.writeAttribute(`${device}/driver/unbind`, address)
    await this.kernel.writeAttribute(`${PCI}/drivers_probe`, address)
  }
}
