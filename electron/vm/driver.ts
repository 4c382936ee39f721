import type { Facts } from '#shared/facts/facts.ts'
import type { GuestReport } from '#shared/facts/guest-report.ts'
import type { Proofs, VfioOpen } from '#shared/facts/proofs.ts'
import type { VmDisc } from '#shared/vm/disc.ts'
import type { VmUsage } from '#shared/vm/usage.ts'
import type { VmDefinition, VmRef, VmStatus } from '#shared/vm/vm.ts'
import type { ConsoleEndpoint } from './own/screen.ts'
import type { VmSnapshots } from './snapshots/snapshots.ts'

/** Drives the VMs of one host, each by its name. Implemented for real QEMU and for the simulated workstation. */
export interface VmDriver {
  /** Snapshots of VMs that are off. */
  readonly snapshots: VmSnapshots
  /**
   * Starts the VM and waits until it runs; one that waits paused is let go on. Returns what could not be done for it
   * although it runs. Throws `vm-failed` with QEMU's own words when it does not start.
   */
  start(definition: VmDefinition): Promise<string | null>
  /** Asks the guest to shut down and waits; returns false when it does not do so in time. */
  shutDown(vm: VmRef): Promise<boolean>
  forceOff(vm: VmRef): Promise<void>
  /** Starts the guest over, as its reset button does. */
  reset(vm: VmRef): Promise<void>
  /** What lies in the drives of a VM that is up. */
  discs(vm: VmRef): Promise<VmDisc[]>
  /** Puts a disc into a drive of a VM that is up, until its next start. */
  changeDisc(vm: VmRef, disc: VmDisc): Promise<void>
  status(vm: VmRef): Promise<VmStatus>
  /** What the VM that is up was started as; null: it is off, another user's, or does not tell. */
  startedAs(name: string): Promise<VmDefinition | null>
  /** Waits for the guest's report of what it sees; null when none came in time. */
  report(definition: VmDefinition, facts: Facts): Promise<GuestReport | null>
  /** Asks QEMU whether it accepts the definition, without the card and without running it. */
  dryStart(definition: VmDefinition, facts: Facts): Promise<Proofs['dryStart']>
  /** Opens these functions through VFIO without a guest; null where that cannot be tried. */
  openThroughVfio(functions: readonly string[], facts: Facts): Promise<VfioOpen | null>
  /** The way to the guest's screen. Throws `vm-off` or `qmp` when QEMU does not answer. */
  screen(definition: VmDefinition): Promise<ConsoleEndpoint>
  /**
   * Calls `ring` from now on when something may have happened to one of these VMs, in place of what was listened to
   * before. To be called again after it rang.
   */
  listen(names: readonly string[], ring: () => void): void
  /** Returns whether a change of this VM's state rings; where not, somebody has to ask from time to time. */
  hears(name: string, up: boolean): boolean
  /** Counters of the running VM; null where nothing really runs. Throws `vm-off` when it is off. */
  usage(definition: VmDefinition): Promise<Omit<VmUsage, 'hostThreads'> | null>
}
