import { Executor } from '#helper/executor.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import type { ProblemError } from '#shared/base/problem.ts'
import type { HelperEvent } from '#shared/plan/helper-protocol.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { Undone } from '#shared/plan/undone.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

export type OnEvent = (event: HelperEvent) => void
/** Keeps the files of other VMs than `vm` where a step is undone. */
export type UndoWhat = { kind: 'last' } | { kind: 'all' } | { kind: 'step'; step: StepId; vm: string | null }

/** The one way to change a host. */
export interface Helper {
  /** `password`: for the account in a guest, where the plan makes a disc that holds it. */
  apply(plan: Plan, onEvent: OnEvent, password?: string | null): Promise<void>
  undo(what: UndoWhat, onEvent: OnEvent): Promise<Undone>
  /** Leaves a change as it is that could not be taken back. */
  leave(tx: string, index: number): Promise<void>
  /** Sets a journal aside whose lines bar changes. Returns what there is to know of it. */
  setJournalAside(): Promise<string[]>
  /** Keeps a new network that waits for it. */
  confirmNetwork(): Promise<void>
  /** Lets root read the boot menu for a user who may not. */
  readClosed(): Promise<void>
  /** Starts a VM's script as its user. Returns what could not be done for it although it starts. */
  launch(vm: string): Promise<string[]>
  reboot(): Promise<void>
}

/** The same executor over a simulated host, in this process. */
export class SimulatedHelper implements Helper {
  private readonly host: SimulatedHost

  constructor(host: SimulatedHost) {
    this.host = host
    host.network.onGuard = (tx) => new Executor(host, 0, () => undefined).rollBack(tx)
  }

  apply(plan: Plan, onEvent: OnEvent, password: string | null = null): Promise<void> {
    return new Executor(this.host, 0, onEvent).apply(plan, password)
  }

  undo(what: UndoWhat, onEvent: OnEvent): Promise<Undone> {
    return new Executor(this.host, 0, onEvent).undo(what)
  }

  leave(tx: string, index: number): Promise<void> {
    return new Executor(this.host, 0, () => undefined).leave(tx, index)
  }

  setJournalAside(): Promise<string[]> {
    return new Executor(this.host, 0, () => undefined).setJournalAside()
  }

  confirmNetwork(): Promise<void> {
    return new Executor(this.host, 0, () => undefined).confirmNetwork()
  }

  async readClosed(): Promise<void> {
    // Nothing of the simulated host is closed to its user.
  }

  async launch(): Promise<string[]> {
    // The simulated VM needs no process.
    return []
  }

  async reboot(): Promise<void> {
    this.host.reboot()
  }
}

/** Stands in where nothing may be changed: every attempt answers with the reason. */
export class NoHelper implements Helper {
  private readonly problem: ProblemError

  constructor(problem: ProblemError) {
    this.problem = problem
  }

  private refuse(): Promise<never> {
    return Promise.reject(this.problem)
  }

  apply(): Promise<void> {
    return this.refuse()
  }

  undo(): Promise<Undone> {
    return this.refuse()
  }

  leave(): Promise<void> {
    return this.refuse()
  }

  setJournalAside(): Promise<string[]> {
    return this.refuse()
  }

  confirmNetwork(): Promise<void> {
    return this.refuse()
  }

  readClosed(): Promise<void> {
    return this.refuse()
  }

  launch(): Promise<string[]> {
    return this.refuse()
  }

  reboot(): Promise<void> {
    return this.refuse()
  }
}
