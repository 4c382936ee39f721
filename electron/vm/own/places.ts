import { isReservedName } from '#shared/base/new-vm-name.ts'
import type { ListResult, Reader } from '#shared/base/system.ts'
import { earlierVmPaths, type VmPaths, vmPaths } from '#shared/vm/vm.ts'

/** Where VMs' sockets and notes are. */
export interface Places {
  /** Looks where they are now. */
  look(name: string): Promise<VmPaths>
  /** Where they were at the last look. */
  of(name: string): VmPaths
}

/** An update does not end a VM: one that an earlier version started stays where that one put it, while QEMU is there. */
export class VmPlaces implements Places {
  private readonly reader: Reader
  private readonly earlier = new Set<string>()

  constructor(reader: Reader) {
    this.reader = reader
  }

  of(name: string): VmPaths {
    return this.earlier.has(name) ? earlierVmPaths(name) : vmPaths(name)
  }

  async look(name: string): Promise<VmPaths> {
    if (await this.isEarlier(name)) this.earlier.add(name)
    else this.earlier.delete(name)
    return this.of(name)
  }

  /** Another user's directory does not tell; without one of this version's it may be there. */
  private async isEarlier(name: string): Promise<boolean> {
    if (isReservedName(name)) return false
    const [now, before] = await Promise.all([
      this.reader.list(vmPaths(name).run),
      this.reader.list(earlierVmPaths(name).run),
    ])
    if (before.kind === 'denied') return now.kind === 'absent'
    return hasSocket(before, earlierVmPaths(name)) && !hasSocket(now, vmPaths(name))
  }
}

function hasSocket(listed: ListResult, { qmp }: VmPaths): boolean {
  return listed.kind === 'names' && listed.names.includes(qmp.slice(qmp.lastIndexOf('/') + 1))
}
