import { defineVm, savedVm } from '#core/definition/definition.ts'
import { baselineOf } from '#core/health/baseline.ts'
import { healthOf } from '#core/health/health.ts'
import { chosenCard } from '#core/steps/cards/card.ts'
import { launch } from '#core/steps/launch/launch.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Health } from '#shared/ipc/health.ts'
import type { Phase, StepView } from '#shared/ipc/snapshot.ts'
import type { HelperEvent } from '#shared/plan/helper-protocol.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { VmDefinition, VmEntry, VmStatus } from '#shared/vm/vm.ts'
import type { Proofs } from '#shared/wizard/proofs.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { evaluateSteps } from './evaluate-steps.ts'
import { readJournal } from './session/journal-reader.ts'
import { knownVms, statusIn, vmFacts } from './session/known-vms.ts'
import type { Session } from './session/session.ts'
import { FRESH_STATE, type SavedState } from './session/state-store.ts'

const LOG_LINES = 500

/** What a front end can read of a Studio at any moment. */
export interface StudioState {
  phase: Phase
  facts: Facts | null
  steps: readonly StepView[]
  journal: readonly JournalEntry[]
  health: Health | null
  saved: SavedState
  /** The selected VM; null: there is none to be driven yet. */
  vm: VmStatus | null
  /** All VMs of this host, by name. */
  vms: readonly VmEntry[]
  /** Grows whenever another VM is selected. */
  selectionEpoch: number
  notice: string | null
  resumedAt: StepId | null
  log: readonly string[]
}

const BLANK: StudioState = {
  phase: { kind: 'checking', step: null },
  facts: null,
  steps: [],
  journal: [],
  health: null,
  saved: FRESH_STATE,
  vm: null,
  vms: [],
  selectionEpoch: 0,
  notice: null,
  resumedAt: null,
  log: [],
}

/** What every action of the Studio stands on: the state, looking at the host, and one action at a time. */
export class StudioCore {
  readonly session: Session
  protected state: StudioState = BLANK
  protected busy = false
  private quietLook: Promise<void> = Promise.resolve()
  /** Settles with the last save; whoever asked for it hears how it ended. */
  private saved: Promise<void> = Promise.resolve()
  private readonly changed: () => void

  constructor(session: Session, changed: () => void = () => undefined) {
    this.session = session
    this.changed = changed
  }

  get current(): StudioState {
    return this.state
  }

  /** Whether an action is under way, which must not be cut off. */
  get acting(): boolean {
    return this.busy
  }

  protected set(part: Partial<StudioState>): void {
    this.state = { ...this.state, ...part }
    this.changed()
  }

  protected async look(): Promise<void> {
    const facts = await gatherFacts(this.session.host, this.state.saved.proofs)
    const journal = await readJournal(this.session.host)
    const vms = await this.askVms(facts)
    this.state = { ...this.state, facts, journal }
    this.showVms(vms)
  }

  /** The state of every VM known now. One that is off costs next to nothing. */
  protected async askVms(facts: Facts): Promise<VmEntry[]> {
    const known = knownVms(this.state.saved, facts)
    return Promise.all(
      known.map(async ({ name, profile, selected, configured }) => {
        return { ...(await this.session.vm.status({ name, profile })), selected, configured: configured }
      }),
    )
  }

  /** Takes states in; which VMs are up decides what step 9 says of the card. */
  protected showVms(vms: readonly VmEntry[]): void {
    const facts = { ...this.mustHaveFacts(), vms: vmFacts(vms) }
    this.state = { ...this.state, facts, vms }
    this.state = { ...this.state, vm: this.definition() === null ? null : selectedOf(vms) }
    this.judge(facts)
  }

  protected judge(facts: Facts): void {
    const { saved, journal } = this.state
    this.set({ steps: evaluateSteps(facts, saved.choices, journal), health: healthOf(facts, journal) })
  }

  /** One at a time: of two parts saved together, neither is lost. `part` is made of what was saved last. */
  protected save(part: (saved: SavedState) => Partial<SavedState>): Promise<void> {
    const saving = this.saved.then(async () => {
      const saved = { ...this.state.saved, ...part(this.state.saved) }
      await this.session.store.save(saved)
      this.set({ saved })
    })
    this.saved = saving.catch(() => undefined)
    return saving
  }

  protected async prove(part: Partial<Proofs>): Promise<void> {
    const proofs = { ...this.state.saved.proofs, ...part }
    const good = part.guestReport == null ? {} : this.lastKnownGood(proofs)
    await this.save(() => ({ proofs: { ...proofs, ...good } }))
  }

  /** What the host is now, if the report in `proofs` proves the chosen card; else what was known stays. */
  private lastKnownGood(proofs: Proofs): Pick<Proofs, 'baseline'> {
    const facts = { ...this.mustHaveFacts(), proofs }
    const definition = this.definition()
    const proven = launch.verify(facts, this.state.saved.choices).every((finding) => finding.status === 'pass')
    if (!proven || definition === null || proofs.guestReport === null) return {}
    return { baseline: baselineOf(facts, definition, proofs.guestReport) }
  }

  /** The page of a step. Throws `usage` before the first look. */
  viewOf(id: StepId): StepView {
    const view = this.state.steps.find((step) => step.id === id)
    if (view === undefined) throw new ProblemError('usage', 'The host has not been looked at yet.')
    return view
  }

  /** The VM the choices lead to; one that was written and cannot be made anew just now is still there to be driven. */
  definition(): VmDefinition | null {
    const { facts, saved } = this.state
    if (facts === null) return null
    const made = defineVm(facts, saved.choices, chosenCard(facts, saved.choices))
    return made ?? savedVm(facts, saved.choices.definition.name)
  }

  protected mustHaveFacts(): Facts {
    if (this.state.facts !== null) return this.state.facts
    throw new ProblemError('usage', 'The host has not been looked at yet.')
  }

  protected restingPhase(): Phase {
    const { saved, steps, facts } = this.state
    if (saved.pending !== null && saved.pending.boot === facts?.host.bootId)
      return { kind: 'needs-reboot', ...saved.pending }
    return steps.length > 0 && steps.every((step) => step.verdict.status === 'ok')
      ? { kind: 'done' }
      : { kind: 'ready' }
  }

  /**
   * Looks at the host again without an action of the admin's: the phase stays, and an action that is asked for
   * meanwhile waits for the end of the look.
   */
  async lookQuietly(): Promise<void> {
    if (this.busy || this.state.facts === null) return
    this.quietLook = this.quietLook.then(() => (this.busy ? undefined : this.look()))
    await this.quietLook.catch((thrown: unknown) => {
      this.quietLook = Promise.resolve()
      throw thrown
    })
  }

  /** One action at a time; a failure becomes the phase, and is thrown for whoever asked. */
  protected async exclusively<T>(step: StepId | null, work: () => Promise<T>): Promise<T> {
    if (this.busy) throw new ProblemError('busy', 'Another action is under way.', { hint: 'Wait until it is done.' })
    this.busy = true
    try {
      await this.quietLook
      if (step === null) this.set({ phase: { kind: 'checking', step } })
      const result = await work()
      this.set({ phase: this.restingPhase() })
      return result
    } catch (thrown) {
      await this.lookAfterFailure(thrown)
      this.set({ phase: { kind: 'failed', step, problem: problemOf(thrown) } })
      throw thrown
    } finally {
      this.busy = false
    }
  }

  /** After a failure the host may have changed; what is shown has to be what is. */
  protected async lookAfterFailure(cause: unknown): Promise<void> {
    if (this.state.facts === null) return
    try {
      await this.look()
    } catch (thrown) {
      throw new ProblemError('internal', problemOf(thrown).message, { cause, detail: problemOf(cause).message })
    }
  }

  protected progress(event: HelperEvent, step: StepId | null, undoing = false): void {
    if (event.kind === 'log') this.set({ log: [...this.state.log, event.line].slice(-LOG_LINES) })
    if (event.kind !== 'change-started') return
    const { index, total, text } = event
    const phase: Phase =
      undoing || step === null ? { kind: 'undoing', step, text } : { kind: 'applying', step, done: index, total, text }
    this.set({ phase, log: [...this.state.log, `== ${text}`].slice(-LOG_LINES) })
  }
}

function selectedOf(vms: readonly VmEntry[]): VmStatus | null {
  const entry = vms.find(({ selected }) => selected)
  return entry === undefined ? null : statusIn(entry)
}
