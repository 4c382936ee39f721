import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { GuestReport } from '#shared/facts/guest-report.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Proofs, VfioOpen } from '#shared/facts/proofs.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import type { VmDisc } from '#shared/vm/disc.ts'
import { givenTo, type VmDefinition, vmPaths, type VmRef, type VmStatus } from '#shared/vm/vm.ts'
import type { VmDriver } from './driver.ts'
import type { ConsoleEndpoint } from './own/screen.ts'
import { type Kernel, SimulatedCards } from './simulated-cards.ts'
import { MemorySnapshots } from './snapshots/memory-snapshots.ts'
import type { VmSnapshots } from './snapshots/snapshots.ts'

/** VMs that exist only on the screen; everything they say is marked as simulated. */
export class SimulatedVm implements VmDriver {
  /** When each VM that runs was started, as what, and what lies in its drives now. */
  private readonly running = new Map<string, { since: string; definition: VmDefinition; discs: VmDisc[] }>()
  private readonly cards: SimulatedCards | null

  /** `kernel`: the simulated one, whose drivers give their functions away and get them back; null: it has none. */
  constructor(kernel: Kernel | null = null) {
    this.cards = kernel === null ? null : new SimulatedCards(kernel)
  }

  readonly snapshots: VmSnapshots = new MemorySnapshots((name) => this.running.has(name))

  async start(definition: VmDefinition): Promise<string | null> {
    await this.cards?.take(definition.name, definition.atStart)
    const discs = discsIn(definition)
    this.running.set(definition.name, { since: new Date().toISOString(), definition, discs })
    return null
  }

  async shutDown({ name }: VmRef): Promise<boolean> {
    this.running.delete(name)
    await this.cards?.giveBack(name)
    return true
  }

  async forceOff({ name }: VmRef): Promise<void> {
    this.running.delete(name)
    await this.cards?.giveBack(name)
  }

  async reset(): Promise<void> {
    // No guest really runs.
  }

  async discs({ name }: VmRef): Promise<VmDisc[]> {
    return this.running.get(name)?.discs ?? []
  }

  async changeDisc({ name }: VmRef, disc: VmDisc): Promise<void> {
    const running = this.running.get(name)
    if (running !== undefined) running.discs = running.discs.map((one) => (one.drive === disc.drive ? disc : one))
  }

  async status({ name }: VmRef): Promise<VmStatus> {
    const since = this.running.get(name)?.since ?? null
    const running = since !== null
    return {
      name,
      state: running ? 'running' : 'off',
      since,
      detail: running ? 'Simulated: no guest really runs.' : 'Nothing runs on the simulated host.',
      error: null,
      resumable: false,
    }
  }

  async startedAs(name: string): Promise<VmDefinition | null> {
    return this.running.get(name)?.definition ?? null
  }

  /** Returns what a guest would see: the passed functions at the addresses QEMU gives them behind its root port. */
  async report(definition: VmDefinition, facts: Facts): Promise<GuestReport | null> {
    // The host was looked at before the start took them.
    const atStart = ({ address }: Device) => definition.atStart?.functions.some((one) => one.address === address)
    const functions = facts.devices
      .filter((device) => givenTo(definition).includes(device.address) && (heldByVfio(device) || atStart(device)))
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

  async openThroughVfio(functions: readonly string[], facts: Facts): Promise<VfioOpen | null> {
    const { bootId } = facts.host
    const said = 'Simulated: no device was opened.'
    return { at: new Date().toISOString(), boot: bootId, functions: [...functions], opened: true, said }
  }

  async screen(): Promise<ConsoleEndpoint> {
    return { kind: 'none', why: 'simulated' }
  }

  /** Listens to nothing: only this program does anything to a simulated VM. */
  listen(): void {
    // There is nothing to listen to.
  }

  hears(): boolean {
    return true
  }

  async usage(): Promise<null> {
    return null
  }
}

function discsIn({ name, installIso, driverIso, answers }: VmDefinition): VmDisc[] {
  const discs = [
    { drive: 'install', path: installIso } as const,
    { drive: 'drivers', path: driverIso } as const,
    { drive: 'answers', path: answers === undefined ? null : vmPaths(name).answers } as const,
  ]
  return discs.filter(({ path }) => path !== null)
}

/** The VMs of a recorded host: they can be looked at, and are off. */
export class RecordedVm implements VmDriver {
  readonly snapshots: VmSnapshots = {
    list: async () => ({ why: 'A recorded host has no VM to take snapshots of.', image: null, list: [] }),
    take: () => this.refuse(),
    goBack: () => this.refuse(),
    remove: () => this.refuse(),
  }

  private refuse(): Promise<never> {
    return Promise.reject(
      new ProblemError('refused', 'A recorded host runs no VM.', { hint: 'Use --host paper to practise.' }),
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

  reset(): Promise<void> {
    return this.refuse()
  }

  async discs(): Promise<VmDisc[]> {
    return []
  }

  changeDisc(): Promise<void> {
    return this.refuse()
  }

  async status({ name }: VmRef): Promise<VmStatus> {
    return { name, state: 'off', since: null, detail: 'A recorded host runs no VM.', error: null, resumable: false }
  }

  async startedAs(): Promise<null> {
    return null
  }

  async report(): Promise<GuestReport | null> {
    return null
  }

  async dryStart(): Promise<Proofs['dryStart']> {
    return null
  }

  async openThroughVfio(): Promise<null> {
    return null
  }

  screen(): Promise<ConsoleEndpoint> {
    return this.refuse()
  }

  /** Listens to nothing: only this program does anything to a simulated VM. */
  listen(): void {
    // There is nothing to listen to.
  }

  hears(): boolean {
    return true
  }

  async usage(): Promise<null> {
    return null
  }
}
