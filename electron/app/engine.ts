import { isDeepStrictEqual } from 'node:util'
import { writtenVms } from '#core/definition/written.ts'
import { baselineOf } from '#core/health/baseline.ts'
import { healthOf } from '#core/health/health.ts'
import { toldBy, withHostChoices } from '#core/host-choices.ts'
import { type Situation, situationOf } from '#core/situation.ts'
import { launch } from '#core/steps/launch/launch.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { note } from '#host/log.ts'
import { type Problem, ProblemError, problemOf } from '#shared/base/problem.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Proofs } from '#shared/facts/proofs.ts'
import type { Phase } from '#shared/ipc/phase.ts'
import type { Progress } from '#shared/ipc/progress.ts'
import { logWith } from '#shared/ipc/progress.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { HelperEvent } from '#shared/plan/helper-protocol.ts'
import { holdsDevices, type VmDefinition } from '#shared/vm/vm.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { withImages } from './chosen-images.ts'
import {
  BLANK_STATE,
  drivenDefinition,
  notLookedAt,
  restingPhase,
  selectedVm,
  type StudioState,
} from './engine-state.ts'
import { evaluateSteps } from './evaluate-steps.ts'
import { ImageReads } from './image-reads.ts'
import { readJournal } from './session/journal-reader.ts'
import { journalTroubles } from './session/journal-troubles.ts'
import { knownVms, vmFacts } from './session/known-vms.ts'
import type { SavedState } from './session/saved-state.ts'
import type { Session } from './session/session.ts'
import { withStaleView } from './stale-view.ts'
import { Waiting } from './waiting.ts'

/** What shows an engine: called after every change of the state, and apart from that with what an action says. */
export interface Front {
  changed(): void
  progress(progress: Progress): void
}

/** What the VMs said of themselves. */
type AskedVms = Pick<StudioState, 'vms' | 'running'>

/** What every action stands on: the state of one host, looking at it, and one action at a time. */
export class Engine {
  readonly session: Session
  readonly waiting = new Waiting()
  readonly imageReads = new ImageReads()
  private current: StudioState = BLANK_STATE
  private acting = false
  private background: Promise<void> = Promise.resolve()
  /** Settles with the last save; its caller gets its failure. */
  private saved: Promise<void> = Promise.resolve()
  private readonly front: Front
  /** Rings when something may have happened to a VM; null: no VM is watched. */
  private ring: (() => void) | null = null

  constructor(session: Session, front: Front) {
    this.session = session
    this.front = front
  }

  get state(): StudioState {
    return this.current
  }

  /** Whether an action is under way, which must not be cut off. */
  get busy(): boolean {
    return this.acting
  }

  set(part: Partial<StudioState>): void {
    this.current = { ...this.current, ...part }
    this.front.changed()
  }

  /** Begins an action that the helper will speak about: a log of its own, and no word of the last one. */
  begin(phase: Phase): void {
    this.set({ phase, log: { run: this.current.log.run + 1, first: 0, lines: [] }, notice: null })
  }

  /** Loads what was remembered. */
  async load(): Promise<void> {
    const { saved, notice } = await this.session.store.load()
    this.current = { ...this.current, saved, notice }
  }

  /** Reads and judges the host again. */
  async refresh(): Promise<void> {
    const { choices, proofs } = this.current.saved
    const facts = await withImages(this.session.host, await gatherFacts(this.session.host, proofs), choices)
    const read = await readJournal(this.session.host)
    const written = writtenVms(facts)
    const asked = await this.askVms({ written })
    this.current = { ...this.current, journal: read.entries, journalTroubles: journalTroubles(read, facts) }
    this.take({ facts, written }, asked)
  }

  /**
   * Reads the host again without an action of the admin's: the phase stays, and an action that is asked for meanwhile
   * waits for the end of it.
   */
  async refreshInBackground(): Promise<void> {
    if (this.acting || this.current.situation === null) return
    this.background = this.background.then(() => (this.acting ? undefined : this.refresh()))
    await this.background.catch((thrown: unknown) => {
      this.background = Promise.resolve()
      throw thrown
    })
  }

  /** Asks every known VM for its state, and what it was started as. One that is off costs next to nothing. */
  async askVms({ written }: Pick<Situation, 'written'>): Promise<AskedVms> {
    const known = knownVms(this.current.saved, written)
    const vms = await Promise.all(
      known.map(async ({ name, profile, selected, configured }) => {
        return { ...(await this.session.vm.status({ name, profile })), selected, configured }
      }),
    )
    const up = vms.filter((vm) => holdsDevices(vm))
    const as = await Promise.all(up.map(({ name }) => this.session.vm.startedAs(name)))
    const running = new Map(as.flatMap((vm): [string, VmDefinition][] => (vm === null ? [] : [[vm.name, vm]])))
    return { vms, running }
  }

  /** Asks all VMs again and takes the answers in. */
  async refreshVms(): Promise<void> {
    const { written } = this.situation()
    const facts = await withImages(this.session.host, this.facts(), this.current.saved.choices)
    this.take({ facts, written }, await this.askVms({ written }))
  }

  /** Takes states of VMs in; which are up decides what step 9 says of the card. */
  takeVms(asked: AskedVms): void {
    this.take(this.situation(), asked)
  }

  /** Takes in facts that were read, and derives from them and from what was saved last what everybody works with. */
  private take({ facts, written }: Pick<Situation, 'facts' | 'written'>, { vms, running }: AskedVms): void {
    const { saved, journal, journalTroubles } = this.current
    const now = { ...facts, vms: vmFacts(vms), proofs: saved.proofs }
    const choices = withHostChoices(saved.choices, now, journal)
    const situation = situationOf(now, choices, { written, running, ...toldBy(journal, now) })
    const vm = drivenDefinition(situation) === null ? null : selectedVm(vms)
    const steps = evaluateSteps(situation, journal, journalTroubles)
    this.set({ situation, facts: now, vms, running, vm, steps, health: healthOf(situation, journal) })
    this.listen()
  }

  /** Has `ring` called from now on when something may have happened to a VM. */
  watchVms(ring: () => Promise<void>): void {
    this.ring = () => {
      ring()
        .then(() => this.listen())
        .catch((thrown: unknown) => note(problemOf(thrown).message))
    }
    this.listen()
  }

  /**
   * Stops watching this host's VMs: QEMU reports its events to one program at a time, and another host is shown now.
   */
  unwatchVms(): void {
    this.ring = null
    this.session.vm.listen([], () => undefined)
  }

  private listen(): void {
    const names = this.current.vms.map(({ name }) => name)
    if (this.ring !== null) this.session.vm.listen(names, this.ring)
  }

  /** Derives everything again from the same facts, after a choice or a proof, and from what was looked at for it. */
  evaluate(seen: Partial<Facts> = {}): void {
    const { situation } = this.current
    if (situation !== null) this.take({ ...situation, facts: { ...situation.facts, ...seen } }, this.current)
  }

  /**
   * Saves one part at a time, so that of two saved together neither is lost. `part` is made of what was saved last, as
   * far as this program knows; what another one has saved since is taken in.
   */
  save(part: (saved: SavedState) => Partial<SavedState>): Promise<void> {
    const saving = this.saved.then(async () => {
      const base = this.current.saved
      const mine = { ...base, ...part(base) }
      await this.takeSaved(mine, await this.session.store.save(base, mine))
    })
    this.saved = saving.catch(() => undefined)
    return saving
  }

  private async takeSaved(mine: SavedState, saved: SavedState): Promise<void> {
    if (isDeepStrictEqual(saved, this.current.saved)) return
    const turned = saved.choices.definition.name !== mine.choices.definition.name
    this.set({ saved, selectionEpoch: this.current.selectionEpoch + (turned ? 1 : 0) })
    if (this.current.situation !== null && !isDeepStrictEqual(saved, mine)) await this.refreshVms()
  }

  async prove(part: Partial<Proofs>): Promise<void> {
    const proofs = { ...this.current.saved.proofs, ...part }
    const good = part.guestReport == null ? {} : this.lastKnownGood(proofs)
    await this.save(() => ({ proofs: { ...proofs, ...good } }))
  }

  /** Returns what the host is now, if the report in `proofs` proves the chosen card; else what was known stays. */
  private lastKnownGood(proofs: Proofs): Pick<Proofs, 'baseline'> {
    const situation = this.situation()
    const facts = { ...situation.facts, proofs }
    const definition = this.definition()
    const proven = launch.verify({ ...situation, facts }).every((finding) => finding.status === 'pass')
    if (!proven || definition === null || proofs.guestReport === null) return {}
    return { baseline: baselineOf(facts, definition, proofs.guestReport) }
  }

  /** Returns the page of a step. Throws `usage` before the first look. */
  viewOf(id: StepId): StepView {
    const view = this.current.steps.find((step) => step.id === id)
    if (view === undefined) throw notLookedAt()
    return view
  }

  /** Throws `usage` before the first look. */
  situation(): Situation {
    if (this.current.situation !== null) return this.current.situation
    throw notLookedAt()
  }

  facts(): Facts {
    return this.situation().facts
  }

  /** Returns the VM the choices lead to; one that was written and that they no longer lead to can still be driven. */
  definition(): VmDefinition | null {
    return this.current.situation === null ? null : drivenDefinition(this.current.situation)
  }

  mustHaveDefinition(): VmDefinition {
    const definition = this.definition()
    if (definition !== null) return definition
    throw new ProblemError('no-definition', 'There is no VM yet.', {
      hint: 'Choose a card in step 4 and define the VM in step 8.',
    })
  }

  /** Runs one action at a time; its failure becomes the phase, and is thrown to the caller. */
  async exclusively<T>(step: StepId | null, work: () => Promise<T>): Promise<T> {
    if (this.acting) throw new ProblemError('busy', 'Another action is under way.', { hint: 'Wait until it is done.' })
    this.acting = true
    try {
      // The caller of a reading in the background has its failure already.
      await this.background.catch(() => undefined)
      if (step === null) this.set({ phase: { kind: 'checking', step } })
      const result = await work()
      this.set({ phase: restingPhase(this.current) })
      return result
    } catch (thrown) {
      const problem = await this.problemAfter(problemOf(thrown))
      this.set({ phase: { kind: 'failed', step, problem } })
      throw ProblemError.from(problem)
    } finally {
      this.acting = false
    }
  }

  /**
   * Reads the host after a failure, which may have changed it. Where that fails too, the first problem is returned with
   * the second beside it.
   */
  private async problemAfter(problem: Problem): Promise<Problem> {
    if (this.current.situation === null) return problem
    try {
      await this.refresh()
      return problem
    } catch (thrown) {
      return withStaleView(problem, thrown)
    }
  }

  /** Takes in what the helper says while it works. */
  progress(event: HelperEvent, step: StepId | null, undoing = false): void {
    if (event.kind === 'log') this.report(this.current.phase, event.line)
    if (event.kind !== 'change-started') return
    const { index, total, text } = event
    const phase: Phase =
      undoing || step === null ? { kind: 'undoing', step, text } : { kind: 'applying', step, done: index, total, text }
    this.report(phase, `== ${text}`)
  }

  /** Reports progress: only phase and log change, so nothing else is derived or sent again. */
  private report(phase: Phase, line: string): void {
    const { log } = this.current
    this.current = { ...this.current, phase, log: logWith(log, [line]) }
    this.front.progress({ phase, log: { run: log.run, first: log.first + log.lines.length, lines: [line] } })
  }
}
