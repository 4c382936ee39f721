import { ProblemError } from '#shared/base/problem.ts'
import { holdsDevices, type VmDefinition, type VmRef } from '#shared/vm/vm.ts'
import { startBlocker } from '#shared/wizard/finding.ts'
import { startedAs } from '#vm/own/started-as.ts'
import { withChanges } from './start-failure.ts'
import { VmChooser } from './vm-chooser.ts'

/** Starting a VM, proving its card, ending it; each under the wizard's one action at a time. */
export class VmActions extends VmChooser {
  /** The VM that is waited for right now: it starts, shuts down, or reports. */
  private waitingFor: string | null = null
  /** VMs that were forced off while they were waited for: then nothing has failed that was not meant to. */
  private readonly ended = new Set<string>()
  /** Reading an image takes its lock, and neither QEMU nor a change could have it meanwhile. */
  protected listing: Promise<unknown> = Promise.resolve()

  /**
   * Starts a VM, which is then the selected one: gates on a fresh look, then access to the group, gates again, then
   * QEMU; the proof guest reports at once. One whose QEMU only waits has what it needs, and goes on.
   */
  async startVm(name: string = this.selectedVm()): Promise<void> {
    await this.selectVm(name)
    await this.exclusively('launch', async () => {
      await this.look()
      const definition = this.state.vm?.resumable === true ? await this.asStarted() : await this.madeReady()
      this.working(0, 2, `Starting "${definition.name}"`)
      await this.listing
      const note = await this.waitFor(name, this.session.vm.start(definition)).catch((thrown: unknown) => {
        throw withChanges(thrown, this.state.health)
      })
      if (note !== null) this.set({ notice: note })
      this.showVms(await this.askVms(this.mustHaveFacts()))
      if (definition.profile === 'proof-guest' && !this.ended.has(definition.name)) await this.awaitReport(definition)
      else await this.look()
    })
  }

  private async madeReady(): Promise<VmDefinition> {
    this.startable()
    const { plan } = this.viewOf('launch')
    if (plan.changes.length > 0) await this.carryOut(plan)
    return this.startable()
  }

  /** Restarts the host. Refused while a VM is there: its guest would lose its power in the middle of its work. */
  override async reboot(): Promise<void> {
    await this.exclusively(null, async () => {
      this.showVms(await this.askVms(this.mustHaveFacts()))
      const [one] = this.state.vms.filter(holdsDevices)
      if (one !== undefined)
        throw new ProblemError('refused', `The VM "${one.name}" is up; a reboot would take its power away.`, {
          hint: 'Shut it down first, then reboot.',
        })
    })
    await super.reboot()
  }

  /** Asks a running guest what it sees of its card. */
  async proveVm(): Promise<void> {
    await this.exclusively('launch', async () => this.awaitReport(await this.asStarted()))
  }

  /** It may be forced off meanwhile: each of these waits ends by itself once QEMU is gone. Null: it was. */
  private async waitFor<T>(name: string, work: Promise<T>): Promise<T | null> {
    this.waitingFor = name
    this.ended.delete(name)
    try {
      return await work
    } catch (thrown) {
      if (this.ended.has(name)) return null
      throw thrown
    } finally {
      this.waitingFor = null
    }
  }

  private working(done: number, total: number, text: string): void {
    this.set({ phase: { kind: 'applying', step: 'launch', done, total, text } })
  }

  private async awaitReport(definition: VmDefinition): Promise<void> {
    this.working(1, 2, 'Waiting for the guest to report its card')
    const asked = this.session.vm.report(definition, this.mustHaveFacts())
    const report = await this.waitFor(definition.name, asked)
    if (report === null && this.ended.has(definition.name)) return this.look()
    if (report === null)
      throw new ProblemError('vm', 'The guest did not report what it sees.', {
        hint: 'Its serial log is kept beside the VM’s sockets.',
      })
    await this.prove({ guestReport: report })
    await this.look()
  }

  private startable(): VmDefinition {
    const barred = startBlocker(this.viewOf('launch').findings)
    if (barred !== null)
      throw new ProblemError('refused', barred.text, { hint: barred.fix?.text ?? 'Step 9 says more.' })
    return this.mustHaveDefinition()
  }

  /** Asks a guest to shut down; `guest-stays` when it does not do so in time. It may still be forced off meanwhile. */
  async shutDownVm(name: string = this.selectedVm()): Promise<void> {
    await this.exclusively('launch', async () => {
      const vm = await this.vmRef(name)
      this.working(0, 1, `Waiting for the guest of "${name}" to shut down`)
      this.showVms(this.state.vms.map((entry) => (entry.name === name ? { ...entry, state: 'stopping' } : entry)))
      const done = await this.waitFor(name, this.session.vm.shutDown(vm))
      await this.look()
      if (done === false) throw this.guestStays(name)
    })
  }

  private guestStays(name: string): ProblemError {
    const hint =
      'It may be asking something on its screen, or install updates. Wait and ask again, or force it off: then what it has not written is lost.'
    if (name === this.selectedVm())
      return new ProblemError('guest-stays', 'The guest did not shut down in time.', { hint })
    return new ProblemError('vm', `The guest of "${name}" did not shut down in time.`, { hint })
  }

  async forceOffVm(name: string = this.selectedVm()): Promise<void> {
    if (this.waitingFor === name) {
      this.ended.add(name)
      return this.session.vm.forceOff(await this.vmRef(name))
    }
    await this.exclusively('launch', async () => {
      await this.session.vm.forceOff(await this.vmRef(name))
      await this.look()
    })
  }

  /** A VM to be asked or ended. Throws `vm` while the selected one is not there yet, and `not-found`. */
  private async vmRef(name: string): Promise<VmRef> {
    const running = await startedAs(this.session.host, name)
    if (running !== null) return running
    return name === this.selectedVm() ? this.mustHaveDefinition() : this.knownVm(name)
  }

  /** The selected VM as it was started; what was chosen or written since is for its next start. */
  protected async asStarted(): Promise<VmDefinition> {
    return (await startedAs(this.session.host, this.selectedVm())) ?? this.mustHaveDefinition()
  }

  mustHaveDefinition(): VmDefinition {
    const definition = this.definition()
    if (definition !== null) return definition
    throw new ProblemError('vm', 'There is no VM yet.', {
      hint: 'Choose a card in step 4 and define the VM in step 8.',
    })
  }
}
