import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { type Change, changeText } from '#shared/plan/change.ts'
import type { HelperEvent } from '#shared/plan/helper-protocol.ts'
import { mayBeLeft, unconfirmedNetwork } from '#shared/plan/journal.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { transactionOf } from '#shared/plan/transaction.ts'
import { leftText, type Undone } from '#shared/plan/undone.ts'
import { concernsVm } from '#shared/plan/vm-of-change.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { assertPlan } from './allow-list/plan.ts'
import { lookInto } from './changes/boot/look-into.ts'
import { syncOutputs } from './changes/boot/sync-outputs.ts'
import { NEVER, type Stop } from './ending/stop.ts'
import type { Work } from './handler.ts'
import { handlerOf } from './handlers.ts'
import { Backups } from './journal/backups.ts'
import { publicly } from './journal/contents.ts'
import { lostJournal } from './journal/lost.ts'
import { setJournalAside } from './journal/set-aside.ts'
import { JournalStore } from './journal/store.ts'
import { disarmGuard } from './network/guard.ts'
import { takeBack } from './undo.ts'

/** Of a step, the files of other VMs than `vm` stay; `vm` null: those of all go. */
export type UndoScope = { kind: 'last' } | { kind: 'all' } | { kind: 'step'; step: StepId; vm: string | null }

/** Applies plans and takes them back. The only code that changes a host; it knows real and simulated ones alike. */
export class Executor {
  readonly work: Work
  readonly journal: JournalStore
  readonly emit: (event: HelperEvent) => void
  private readonly stop: Stop

  constructor(system: System, caller: number, emit: (event: HelperEvent) => void, stop: Stop = NEVER) {
    this.emit = emit
    this.stop = stop
    this.journal = new JournalStore(system)
    this.work = {
      system,
      caller,
      backups: new Backups(system),
      log: (line) => this.emit({ kind: 'log', line }),
      tx: '',
    }
  }

  /**
   * Carries out a plan. Everything is checked before the first change; when one fails, those made so far are
   * taken back, unless the host needs a reboot, where nothing more is touched. Who is told to end meanwhile finishes
   * the change under way and takes all of them back; what goes back already goes on. `password`: see `Work`.
   */
  async apply(plan: Plan, password: string | null = null): Promise<void> {
    await this.journal.assertUnderstood()
    const work = { ...this.work, password }
    for (const { change } of plan.changes) await handlerOf(change).check(work, change)
    await assertPlan(this.work.system, plan)
    await this.journal.compact().catch((thrown: unknown) => this.work.log(problemOf(thrown).message))
    const tx = transactionOf(plan.id, Date.now())
    const at = new Date().toISOString()
    await this.journal.append({
      kind: 'begin',
      version: 1,
      tx,
      plan: plan.id,
      step: plan.step,
      at,
      boot: await this.bootId(),
    })
    try {
      for (const [index, { change }] of plan.changes.entries()) {
        this.assertNotStopped()
        await this.applyOne({ ...work, tx }, index, plan.changes.length, change)
      }
    } catch (thrown) {
      await this.rollBackAfter(tx, thrown)
    }
    await this.journal.append({ kind: 'end', tx, at: new Date().toISOString() })
  }

  private assertNotStopped(): void {
    const { by } = this.stop
    if (by !== null)
      throw new ProblemError('interrupted', `The helper was told to end before all was done (${by}).`, {
        hint: 'Apply again once nothing ends it: a logout, a shutdown or a terminal that closes does.',
      })
  }

  private async applyOne(work: Work, index: number, total: number, change: Change): Promise<void> {
    this.emit({ kind: 'change-started', index, total, text: changeText(change) })
    const handler = handlerOf(change)
    const { tx } = work
    await handler.check(work, change)
    const before = await handler.capture(work, change)
    await this.journal.append({ kind: 'intent', tx, index, ...(await publicly(work, change, before)), before })
    await this.journal.refreshRescueKit()
    await handler.apply(work, change)
    await syncOutputs(work, change)
    const after = await this.work.backups.after(before)
    const looked = await lookInto(work, change, { before, after })
    await this.journal.append({ kind: 'done', tx, index, after: { ...after, ...looked } })
    this.emit({ kind: 'change-finished', index, total })
  }

  /** What went wrong comes first; what could not be taken back of it is said behind. */
  private async rollBackAfter(tx: string, thrown: unknown): Promise<never> {
    const problem = problemOf(thrown)
    if (problem.code === 'reboot-needed') throw thrown
    const open = (await this.journal.entries()).filter((entry) => entry.tx === tx && entry.reverted === null)
    const { notes, left } = await takeBack(this, open)
    const rest = left.length === 0 ? ['What this step had changed was taken back.'] : left.map(leftText)
    const hint = [problem.hint ?? '', ...rest, ...notes].join(' ').trim()
    throw ProblemError.from({ ...problem, hint })
  }

  /** Takes changes back, last first. */
  async undo(scope: UndoScope): Promise<Undone> {
    const journal = await this.journal.read()
    if (journal === null) return { notes: await lostJournal(this.work.system), left: [] }
    const open = journal.entries.filter((entry) => entry.reverted === null)
    const last = open.at(-1)?.tx
    const chosen = open.filter((entry) => {
      if (scope.kind === 'all') return true
      if (scope.kind === 'last') return entry.tx === last
      return entry.step === scope.step && concernsVm(entry.change, scope.vm)
    })
    return takeBack(this, chosen)
  }

  /** Takes one transaction back, as the guard of a new network does; one that was kept stays. */
  async rollBack(tx: string): Promise<Undone> {
    const entries = (await this.journal.entries()).filter((entry) => entry.tx === tx)
    return takeBack(
      this,
      entries.filter((entry) => entry.reverted === null && entry.confirmed === null),
    )
  }

  /** Leaves a change as it is that could not be taken back: from now on it counts as the admin's own. */
  async leave(tx: string, index: number): Promise<void> {
    const entry = (await this.journal.entries()).find((one) => one.tx === tx && one.index === index)
    if (entry === undefined || !mayBeLeft(entry))
      throw new ProblemError('conflict', 'This is no change that undo had to leave.', {
        hint: 'Undo first; what cannot be taken back can then be left as it is.',
      })
    await this.journal.append({ kind: 'left', tx, index, at: new Date().toISOString() })
    await this.journal.refreshRescueKit()
  }

  /** Sets a journal aside whose lines bar changes. Returns what there is to know of it. */
  setJournalAside(): Promise<string[]> {
    return setJournalAside(this.work.system, this.journal)
  }

  /** Keeps the new network that waits for it: from now on only undo takes it back. */
  async confirmNetwork(): Promise<void> {
    const entries = await this.journal.entries()
    const guard = unconfirmedNetwork(entries)
    if (guard === null)
      throw new ProblemError('conflict', 'No new network waits to be kept.', {
        hint: 'It was kept before, or has gone back; step 7 says which.',
      })
    const { tx } = guard
    const unfinished = entries.some((entry) => entry.tx === tx && entry.after === null)
    if (unfinished || !entries.some((entry) => entry.tx === tx && entry.change.kind === 'switch-network'))
      throw new ProblemError('refused', 'The new network was interrupted half-way; it cannot be kept.', {
        hint: 'Go back, then apply step 7 again.',
      })
    // The journal decides: a guard that fires from now on finds this line and leaves everything as it is.
    await this.journal.append({ kind: 'kept', tx, at: new Date().toISOString() })
    await disarmGuard(this.work.system, tx, this.work.log)
  }

  private async bootId(): Promise<string> {
    const result = await this.work.system.read('/proc/sys/kernel/random/boot_id')
    return result.kind === 'text' ? result.text.trim() : ''
  }
}
