import { defaultEntryOf } from '#core/boot/adapters.ts'
import { chosenCard } from '#core/steps/cards/card.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { identityOf } from '#shared/facts/identity.ts'
import { parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import type { UndoWhat } from './privilege/helper-client.ts'
import { knownVms } from './session/known-vms.ts'
import { assertFree, rosterNames } from './session/roster.ts'
import type { SavedState } from './session/state-store.ts'
import { StudioCore } from './studio-core.ts'

/** What a front end asks to be taken back; of a step, what concerns the selected VM and what all share. */
export type UndoAsked = Exclude<UndoWhat, { kind: 'step' }> | { kind: 'step'; step: StepId }

/**
 * The wizard engine: facts in, pages out. It owns the phase and tells `changed` after every change of it.
 */
export class Wizard extends StudioCore {
  /** Loads what was remembered, looks at the host, and takes up where a reboot interrupted. */
  async open(): Promise<void> {
    await this.exclusively(null, async () => {
      this.state = { ...this.state, saved: await this.session.store.load() }
      await this.look()
      await this.resume()
    })
  }

  private async resume(): Promise<void> {
    const { pending } = this.state.saved
    const facts = this.mustHaveFacts()
    // Not rebooted yet: the resting phase says so.
    if (pending === null || pending.boot === facts.host.bootId) return
    await this.save(() => ({ pending: null }))
    this.set({ notice: rebootNotice(this.viewOf(pending.step), pending.after), resumedAt: pending.step })
  }

  /** Reads the host anew and judges it. */
  async recheck(): Promise<void> {
    await this.exclusively(null, () => this.look())
  }

  /** Takes choices in. Throws `usage` where they give the VM a name that another one has. */
  async choose(choices: Choices): Promise<void> {
    const former = this.state.saved.choices.definition.name
    await this.save((saved) => {
      this.assertName(choices.definition.name, saved)
      return { choices: { ...choices, cards: this.identified(choices.cards) } }
    })
    const { facts, saved } = this.state
    if (facts === null) return
    this.judge(facts)
    if (saved.choices.definition.name !== former) this.showVms(await this.askVms(facts))
  }

  private assertName(name: string, saved: SavedState): void {
    if (name === saved.choices.definition.name) return
    assertFree(name, this.namesOf(saved))
  }

  /** Names of all VMs, also of those that are only defined on this host. */
  protected namesOf(saved: SavedState): string[] {
    const { facts } = this.state
    return facts === null ? rosterNames(saved) : knownVms(saved, facts).map((vm) => vm.name)
  }

  /** A card that is chosen anew is remembered by what it is, not only by where it is. */
  private identified(gpu: Choices['cards']): Choices['cards'] {
    const devices = this.state.facts?.devices ?? []
    const device = devices.find((candidate) => candidate.address === gpu.address)
    if (device === undefined || gpu.identity !== undefined) return gpu
    return { ...gpu, identity: identityOf(device, devices) }
  }

  /** Applies a plan that was shown, by its id; a plan that is no longer the current one answers `conflict`. */
  async apply(planId: string, typed: string | null): Promise<void> {
    const view = this.state.steps.find((step) => step.plan.id === planId)
    if (view === undefined)
      throw new ProblemError('conflict', 'The host or a choice has changed since this plan was shown.', {
        hint: 'Look at the new plan, then apply it.',
      })
    const { plan } = view
    if (plan.changes.length === 0)
      throw new ProblemError('usage', `Step ${view.number} has nothing to change.`, { hint: view.verdict.text })
    if (plan.confirm !== null && typed !== plan.confirm.type) {
      throw new ProblemError('refused', `${plan.confirm.danger} Type ${plan.confirm.type} to go on.`, {
        hint: 'Nothing was changed.',
      })
    }
    await this.exclusively(view.id, () => this.carryOut(plan))
  }

  protected async carryOut(plan: Plan): Promise<void> {
    const { step, changes } = plan
    if (step === 'bind') await this.noteConnectors()
    this.set({
      phase: { kind: 'applying', step, done: 0, total: changes.length, text: 'Starting the helper' },
      log: [],
      notice: null,
    })
    await this.session.helper.apply(plan, (event) => this.progress(event, step))
    this.set({ phase: { kind: 'verifying', step } })
    await this.look()
    if (step === 'definition') await this.runDryStart()
    if (step === 'bind') await this.runVfioOpenTest()
    if (plan.rebootNeeded || !this.rebootLeft()) {
      const pending = this.pendingAfter(plan)
      await this.save(() => ({ pending }))
    }
  }

  /** Which monitors are on the card is known for the last time. */
  private async noteConnectors(): Promise<void> {
    const facts = this.mustHaveFacts()
    const card = chosenCard(facts, this.state.saved.choices)
    const list = card?.functions.flatMap((device) => device.connectors) ?? []
    if (card === null || list.length === 0) return
    await this.prove({ connectors: { at: facts.takenAt, address: card.address, list } })
  }

  /** QEMU is asked whether it accepts what step 8 wrote. */
  private async runDryStart(): Promise<void> {
    const definition = this.definition()
    if (definition === null) return
    await this.prove({ dryStart: await this.session.vm.dryStart(definition, this.mustHaveFacts()) })
    await this.look()
  }

  /** What step 5 bound is opened through VFIO once, where this user may; step 6 shows how that went. */
  private async runVfioOpenTest(): Promise<void> {
    const facts = this.mustHaveFacts()
    const functions = chosenCard(facts, this.state.saved.choices)?.functions ?? []
    if (functions.length === 0 || functions.some((device) => device.driver !== 'vfio-pci')) return
    const addresses = functions.map((device) => device.address)
    await this.prove({ vfioOpen: await this.session.vm.openThroughVfio(addresses, facts) })
    await this.look()
  }

  private pendingAfter(plan: Plan): SavedState['pending'] {
    if (!plan.rebootNeeded) return null
    return { step: plan.step, boot: this.mustHaveFacts().host.bootId, after: 'apply' }
  }

  /** Whether the next boot would start the kernel with other arguments than it runs with. */
  private rebootLeft(): boolean {
    const facts = this.mustHaveFacts()
    const entry = defaultEntryOf(facts, this.state.saved.choices)
    return !isUnknown(entry) && !startedWith(facts.kernel.cmdline, entry.cmdline)
  }

  /** Takes changes back, newest first. Returns notes about what could not be taken back exactly. */
  async undo(what: UndoAsked): Promise<string[]> {
    return this.exclusively(what.kind === 'step' ? what.step : null, async () => {
      // What other VMs are made of stays; "everything" means them too.
      const vm = this.state.saved.choices.definition.name
      const notes = await this.rollBack(what.kind === 'step' ? { ...what, vm } : what)
      this.set({ notice: ['Taken back.', ...notes].join(' ') })
      return notes
    })
  }

  protected async rollBack(what: UndoWhat): Promise<string[]> {
    const step = what.kind === 'step' ? what.step : null
    this.set({ phase: { kind: 'undoing', step, text: 'Starting the helper' }, log: [], notice: null })
    const notes = await this.session.helper.undo(what, (event) => this.progress(event, step, true))
    await this.look()
    const boot = this.mustHaveFacts().host.bootId
    const pending: SavedState['pending'] = this.rebootLeft() ? { step: 'boot', boot, after: 'undo' } : null
    await this.save(() => ({ pending }))
    return notes
  }

  /** Keeps a new network before its time is up. */
  async confirmNetwork(): Promise<void> {
    await this.exclusively('network', async () => {
      await this.session.helper.confirmNetwork()
      await this.look()
      this.set({ notice: 'The new network is kept.' })
    })
  }

  /** Looks again with what only root may read of the boot menu; nothing is changed. */
  async readClosed(): Promise<void> {
    await this.exclusively(null, async () => {
      await this.session.helper.readClosed()
      await this.look()
    })
  }

  async reboot(): Promise<void> {
    await this.session.helper.reboot()
    if (this.session.host.kind === 'simulated') await this.open()
  }

  /** Goes back to the pages after a failure was read. */
  dismiss(): void {
    this.set({ phase: this.restingPhase(), notice: null })
  }
}

function rebootNotice(view: StepView, after: 'apply' | 'undo'): string {
  if (after === 'undo') return 'The host was rebooted and runs without the arguments of step 3 again.'
  const { status, text } = view.verdict
  if (status === 'ok') return `The host was rebooted, and step ${view.number} is proven: ${text}`
  return `The host was rebooted, but step ${view.number} did not take effect: ${text}`
}

/** Whether the running kernel got exactly the arguments of an entry; loaders put BOOT_IMAGE in front. */
function startedWith(running: string, entry: string): boolean {
  const own = parseKernelArgs(running).filter((token) => !/^(BOOT_IMAGE|initrd)=/u.test(token))
  return own.join(' ') === parseKernelArgs(entry).join(' ')
}
