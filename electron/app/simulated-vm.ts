import { flatten, vmArguments } from '../machine/argv.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Facts } from '../../shared/host/facts.ts'
import type { Proofs } from '../../shared/change/proofs.ts'
import type { GuestReport } from '../../shared/vm/guest-report.ts'
import { isUnknown } from '../../shared/unknown.ts'
import type { VmDefinition, VmStatus } from '../../shared/vm/vm.ts'
import type { VmDriver } from './vm-driver.ts'
import type { ScreenWay } from './vm-screen.ts'
import { MemorySnapshots } from './memory-snapshots.ts'
import type { VmSnapshots } from './vm-snapshots.ts'

/** A VM that exists only on the screen; everything it says is marked as simulated. */
export class SimulatedVm implements VmDriver {
  private since: string | null = null
  readonly snapshots: VmSnapshots = new MemorySnapshots(() => this.since !== null)

  async start(): Promise<string | null> {
    this.since = new Date().toISOString()
    return null
  }

  async shutDown(): Promise<boolean> {
    this.since = null
    return true
  }

  async forceOff(): Promise<void> {
    this.since = null
  }

  async status(definition: VmDefinition): Promise<VmStatus> {
    const running = this.since !== null
    return {
      name: definition.name,
      state: running ? 'running' : 'off',
      since: this.since,
      detail: running ? 'Simulated: no guest really runs.' : 'Simulated VM, off.',
      error: null,
    }
  }

  /** What a guest would see: the passed functions at the addresses QEMU gives them behind its root port. */
  async report(definition: VmDefinition, facts: Facts): Promise<GuestReport | null> {
    const functions = facts.devices
      .filter((device) => definition.functions.includes(device.address) && device.driver === 'vfio-pci')
      .map(({ address, vendorId, deviceId, classId }) => ({
        address: `0000:01:00.${address.slice(-1)}`,
        vendorId,
        deviceId,
        classId,
        driver: null,
        driverVersion: null,
        trouble: null,
      }))
    return {
      at: new Date().toISOString(),
      vm: definition.name,
      kernel: facts.kernel.release,
      source: 'serial',
      functions,
      simulated: true,
    }
  }

  async dryStart(definition: VmDefinition, facts: Facts): Promise<Proofs['dryStart']> {
    if (facts.qemu === null || isUnknown(facts.qemu)) return null
    const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
    return { at: new Date().toISOString(), argv, accepted: true, said: 'Simulated: no QEMU was asked.' }
  }

  async openCard(functions: readonly string[], facts: Facts): Promise<Proofs['cardOpened']> {
    const { bootId } = facts.machine
    const said = 'Simulated: no device was opened.'
    return { at: new Date().toISOString(), boot: bootId, functions: [...functions], opened: true, said }
  }

  async screen(): Promise<ScreenWay> {
    return { kind: 'none', why: 'simulated' }
  }

  async usage(): Promise<null> {
    return null
  }
}

/** The VM of a recorded machine: it can be looked at, and is off. */
export class RecordedVm implements VmDriver {
  readonly snapshots: VmSnapshots = {
    list: async () => ({ why: 'A recorded machine has no VM to take snapshots of.', image: null, list: [] }),
    take: () => this.refuse(),
    goBack: () => this.refuse(),
    remove: () => this.refuse(),
  }

  private refuse(): Promise<never> {
    return Promise.reject(
      new ProblemError('refused', 'A recorded machine runs no VM.', { hint: 'Use --host paper to practise.' }),
    )
  }

  start(): Promise<string | null> {
    return this.refuse()
  }

  shutDown(): Promise<boolean> {
    return this.refuse()
  }

  forceOff(): Promise<void> {
    return this.refuse()
  }

  async status(definition: VmDefinition): Promise<VmStatus> {
    return { name: definition.name, state: 'off', since: null, detail: 'A recorded machine runs no VM.', error: null }
  }

  async report(): Promise<GuestReport | null> {
    return null
  }

  async dryStart(): Promise<Proofs['dryStart']> {
    return null
  }

  async openCard(): Promise<Proofs['cardOpened']> {
    return undefined
  }

  screen(): Promise<ScreenWay> {
    return this.refuse()
  }

  async usage(): Promise<null> {
    return null
  }
}
