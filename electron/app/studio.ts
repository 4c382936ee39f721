import { savedVm } from '#core/definition/definition.ts'
import { type ViewerCommand, viewerCommand } from '#core/definition/display/viewer-command.ts'
import { displayContext } from '#core/steps/launch/display-and-input.ts'
import { openProgram } from '#host/open-program.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { lspciBlocks } from '#shared/facts/lspci-blocks.ts'
import { VIEWERS } from '#shared/facts/viewers.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import type { DriversView } from '#shared/ipc/driver-row.ts'
import type { Topology } from '#shared/ipc/topology.ts'
import type { DiskSnapshots } from '#shared/vm/disk-snapshots.ts'
import type { GuestReach } from '#shared/vm/display.ts'
import type { VmUsage } from '#shared/vm/usage.ts'
import { isActive, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { guestReach, notAsked } from '#vm/guest/guest-reach.ts'
import { hostThreads } from '#vm/own/usage.ts'
import { deviceRows } from './views/device-rows.ts'
import { driversOf } from './views/driver-rows.ts'
import { topologyOf } from './views/topology.ts'
import { VmActions } from './vm-actions.ts'

/** Wizard and VM in one: what the window, the tray and the command line all drive. */
export class Studio extends VmActions {
  /** Asks the guest's port of the chosen way to see it whether it answers now. */
  async guestReach(): Promise<GuestReach> {
    const { host } = this.session
    const sight = displayContext(this.mustHaveFacts(), this.state.saved.choices)
    if (host.kind !== 'real') return notAsked('No guest runs on this host.', null)
    const { agent } = vmPaths(this.state.saved.choices.definition.name)
    return guestReach(host, sight, { running: this.state.vm?.state === 'running', agent })
  }

  /** The program of this host that shows the guest; null: none does, or nothing really runs. */
  viewer(): ViewerCommand | null {
    const { vm } = this.state
    // Asked for with each snapshot, and reading a definition is work.
    const runs = this.session.host.kind === 'real' && vm !== null && isActive(vm.state)
    const definition = runs ? this.asWritten() : null
    const { see } = this.state.saved.choices.launch
    return definition === null ? null : viewerCommand(definition, this.mustHaveFacts().peripherals.viewers, see)
  }

  /** The VM as step 8 wrote it, which is what runs unless it was written anew since. */
  private asWritten(): VmDefinition | null {
    return savedVm(this.mustHaveFacts(), this.selectedVm()) ?? this.definition()
  }

  /** Opens the program of this host that shows the guest; throws `tool-failed` when it ends at once. */
  async openViewer(): Promise<void> {
    const command = this.viewer()
    if (command === null)
      throw new ProblemError('vm', 'No program of this host shows the guest.', {
        hint: 'Step 9 shows the ways to see it, and what each needs.',
      })
    await openProgram(VIEWERS[command.name], command.args)
  }

  /** Snapshots of the VM's disk, or why there can be none just now. */
  async snapshots(): Promise<DiskSnapshots> {
    if (this.busy) return { why: 'Another action is under way.', image: null, list: [] }
    const asked = this.session.vm.snapshots.list(this.mustHaveDefinition())
    this.listing = asked.catch(() => undefined)
    return asked
  }

  async takeSnapshot(name: string): Promise<void> {
    await this.withSnapshots(`Taking the snapshot “${name}”`, async (definition) => {
      await this.session.vm.snapshots.take(definition, name)
      return `The snapshot “${name}” is taken.`
    })
  }

  async goBackTo(name: string): Promise<void> {
    await this.withSnapshots(`Going back to “${name}”`, async (definition) => {
      const before = await this.session.vm.snapshots.goBack(definition, name)
      return `The VM is as in “${name}” again. What it was until now is kept as “${before}”.`
    })
  }

  async removeSnapshot(name: string): Promise<void> {
    await this.withSnapshots(`Deleting the snapshot “${name}”`, async (definition) => {
      await this.session.vm.snapshots.remove(definition, name)
      return `The snapshot “${name}” is deleted.`
    })
  }

  /** Exclusively, so that the VM does not start in the middle. The notice says what was done. */
  private async withSnapshots(text: string, work: (definition: VmDefinition) => Promise<string>): Promise<void> {
    await this.exclusively('definition', async () => {
      this.set({ phase: { kind: 'applying', step: 'definition', done: 0, total: 1, text }, notice: null })
      await this.listing
      this.set({ notice: await work(this.mustHaveDefinition()) })
    })
  }

  devices(): DeviceRow[] {
    return deviceRows(this.mustHaveFacts(), this.state.saved.choices)
  }

  drivers(): DriversView {
    return driversOf(this.mustHaveFacts(), this.state.saved.choices, this.viewOf('bind'))
  }

  topology(): Topology {
    return topologyOf(this.mustHaveFacts(), this.state.saved.choices)
  }

  /** What lspci says of one function: in full from a real machine, else what was recorded. Null without lspci. */
  async lspciOf(address: string): Promise<string | null> {
    const { host } = this.session
    const { lspci } = this.mustHaveFacts()
    if (host.kind !== 'real' || lspci === null) return lspci === null ? null : lspciBlocks(lspci, [address])
    return (await host.run('lspci', ['-D', '-nnvvk', '-s', address]))?.stdout ?? null
  }

  async vmUsage(): Promise<VmUsage | null> {
    const usage = await this.session.vm.usage(await this.asStarted())
    return usage === null ? null : { ...usage, hostThreads: hostThreads(this.mustHaveFacts()) }
  }

  /** Asks every VM for its state. */
  async pollVms(): Promise<void> {
    const { facts } = this.state
    if (facts === null || this.busy) return
    const vms = await this.askVms(facts)
    // An action that began meanwhile knows better.
    if (this.idle() && JSON.stringify(vms) !== JSON.stringify(this.state.vms)) this.showVms(vms)
  }

  private idle(): boolean {
    return !this.busy
  }
}
