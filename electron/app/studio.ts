import type { DeviceRow } from '../../shared/device-row.ts'
import type { DriversView } from '../../shared/driver-row.ts'
import { lspciBlocks } from '../../shared/lspci-blocks.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Topology } from '../../shared/topology.ts'
import type { GuestReach } from '../../shared/seeing.ts'
import type { VmDefinition } from '../../shared/vm.ts'
import { sightOf } from '../steps/see-and-type.ts'
import { deviceRows } from './device-rows.ts'
import { withChanges } from './start-failure.ts'
import { driversOf } from './driver-rows.ts'
import { topologyOf } from './topology.ts'
import { guestReach, notAsked } from './guest-reach.ts'
import type { VmUsage } from '../../shared/vm-usage.ts'
import { hostThreads } from './vm-usage.ts'
import { Wizard } from './wizard.ts'

/** Wizard and VM in one: what the window, the tray and the command line all drive. */
export class Studio extends Wizard {
  /** Starts the VM: gates first, then access to the group, then QEMU, then the guest's own report. */
  async startVm(): Promise<void> {
    await this.exclusively('launch', async () => {
      await this.look()
      const definition = this.startable()
      const { plan } = this.viewOf('launch')
      if (plan.changes.length > 0) await this.carryOut(plan)
      this.set({
        phase: { kind: 'applying', step: 'launch', done: 0, total: 2, text: `Starting "${definition.name}"` },
      })
      await this.session.vm.start(definition).catch((thrown: unknown) => {
        throw withChanges(thrown, this.state.health)
      })
      this.set({
        phase: {
          kind: 'applying',
          step: 'launch',
          done: 1,
          total: 2,
          text: 'Waiting for the guest to report its card',
        },
      })
      this.set({ vm: await this.session.vm.status(definition) })
      if (definition.profile === 'proof-guest') await this.awaitReport(definition)
      await this.look()
    })
  }

  private async awaitReport(definition: VmDefinition): Promise<void> {
    const report = await this.session.vm.report(definition, this.mustHaveFacts())
    if (report === null)
      throw new ProblemError('vm', 'The guest did not report what it sees.', {
        hint: 'Its serial log is kept beside the VM’s sockets.',
      })
    await this.prove({ guestReport: report })
  }

  private startable(): VmDefinition {
    const barred = this.viewOf('launch').findings.find(
      (finding) => finding.status === 'fail' && finding.code !== 'guest-report',
    )
    if (barred !== undefined)
      throw new ProblemError('refused', barred.text, { hint: barred.fix?.text ?? 'Step 9 says more.' })
    return this.mustHaveDefinition()
  }

  /** Asks the guest to shut down; `vm` when it does not do so in time. */
  async shutDownVm(): Promise<void> {
    await this.exclusively('launch', async () => {
      this.set({
        phase: { kind: 'applying', step: 'launch', done: 0, total: 1, text: 'Waiting for the guest to shut down' },
      })
      const done = await this.session.vm.shutDown(this.mustHaveDefinition())
      await this.look()
      if (!done)
        throw new ProblemError('vm', 'The guest did not shut down in time.', {
          hint: 'Force it off if it hangs.',
        })
    })
  }

  async forceOffVm(): Promise<void> {
    await this.exclusively('launch', async () => {
      await this.session.vm.forceOff(this.mustHaveDefinition())
      await this.look()
    })
  }

  /** Asks the guest's port of the chosen way to see it whether it answers now. */
  async guestReach(): Promise<GuestReach> {
    const { host } = this.session
    const sight = sightOf(this.mustHaveFacts(), this.state.saved.choices)
    const running = this.state.vm?.state === 'running'
    return host.kind === 'real' ? guestReach(host, sight, running) : notAsked('No guest runs on this host.', null)
  }

  devices(): DeviceRow[] {
    return deviceRows(this.mustHaveFacts())
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
    const usage = await this.session.vm.usage(this.mustHaveDefinition())
    return usage === null ? null : { ...usage, hostThreads: hostThreads(this.mustHaveFacts()) }
  }

  async pollVm(): Promise<void> {
    const definition = this.definition()
    if (definition === null || this.busy) return
    const vm = await this.session.vm.status(definition)
    if (JSON.stringify(vm) !== JSON.stringify(this.state.vm)) this.set({ vm })
  }

  mustHaveDefinition(): VmDefinition {
    const definition = this.definition()
    if (definition !== null) return definition
    throw new ProblemError('vm', 'There is no VM yet.', {
      hint: 'Choose a card in step 4 and define the VM in step 8.',
    })
  }
}
