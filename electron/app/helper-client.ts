import { type HelperEvent, type HelperRequest, helperAnswer } from '../../shared/helper-protocol.ts'
import type { Plan } from '../../shared/plan.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { StepId } from '../../shared/step-id.ts'
import { Executor } from '../helper/executor.ts'
import type { SimulatedHost } from '../host/simulated.ts'
import { type HelperCommand, startHelper } from '../host/exec.ts'

export type OnEvent = (event: HelperEvent) => void
export type UndoWhat = { kind: 'last' } | { kind: 'all' } | { kind: 'step'; step: StepId }

/** The one way to change a host. */
export interface Helper {
  apply(plan: Plan, onEvent: OnEvent): Promise<void>
  /** Returns notes about what could not be taken back exactly. */
  undo(what: UndoWhat, onEvent: OnEvent): Promise<string[]>
  /** Keeps a new network that waits for it. */
  keepNetwork(): Promise<void>
  launch(vm: string): Promise<void>
  reboot(): Promise<void>
}

type Body = HelperRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

/** Starts the privileged helper for one request, lets it answer, and lets it end. */
export class ProcessHelper implements Helper {
  private readonly command: HelperCommand

  constructor(command: HelperCommand) {
    this.command = command
  }

  async apply(plan: Plan, onEvent: OnEvent): Promise<void> {
    await this.ask({ kind: 'apply', plan }, onEvent)
  }

  undo(what: UndoWhat, onEvent: OnEvent): Promise<string[]> {
    return this.ask(
      what.kind === 'step' ? { kind: 'undo-step', step: what.step } : { kind: 'undo', scope: what.kind },
      onEvent,
    )
  }

  async keepNetwork(): Promise<void> {
    await this.ask({ kind: 'keep-network' }, () => undefined)
  }

  async launch(vm: string): Promise<void> {
    await this.ask({ kind: 'launch', vm }, () => undefined)
  }

  async reboot(): Promise<void> {
    await this.ask({ kind: 'reboot' }, () => undefined)
  }

  private async ask(body: Body, onEvent: OnEvent): Promise<string[]> {
    const helper = startHelper(this.command)
    helper.send(JSON.stringify({ id: 1, ...body }))
    for await (const line of helper.lines) {
      const answer = helperAnswer.parse(JSON.parse(line))
      if (answer.kind === 'event') onEvent(answer.event)
      if (answer.kind === 'problem') throw ProblemError.from(answer.problem)
      if (answer.kind === 'result') return answer.notes
    }
    throw endedEarly(await helper.ended, this.command)
  }
}

/** pkexec exits with 126 when the dialog was dismissed and 127 when authorization was not obtained (pkexec(1)). */
function endedEarly(end: { exitCode: number | null; stderr: string }, command: HelperCommand): ProblemError {
  const viaPolkit = command.tool === 'pkexec'
  if (viaPolkit && end.exitCode === 126) {
    return new ProblemError('dismissed', 'The authentication dialog was closed.', {
      hint: 'Nothing was changed. Apply again to be asked again.',
    })
  }
  if (viaPolkit && end.exitCode === 127) {
    return new ProblemError('permission', 'The system does not allow you to change it.', {
      hint: 'Nothing was changed. Ask an administrator of this machine.',
      detail: end.stderr,
    })
  }
  const words = end.stderr.trim().split('\n').at(-1) ?? ''
  return new ProblemError(
    'no-helper',
    `The helper ended before it was done (${end.exitCode === null ? 'it was killed' : `exit code ${end.exitCode}`}${words === '' ? '' : `: ${words}`}).`,
    {
      hint: 'What it had begun is in the journal; undo takes it back.',
      detail: end.stderr,
    },
  )
}

/** The same executor over a simulated machine, in this process. */
export class SimulatedHelper implements Helper {
  private readonly host: SimulatedHost

  constructor(host: SimulatedHost) {
    this.host = host
    host.network.onGuard = (tx) => new Executor(host, 0, () => undefined).takeBack(tx)
  }

  apply(plan: Plan, onEvent: OnEvent): Promise<void> {
    return new Executor(this.host, 0, onEvent).apply(plan)
  }

  undo(what: UndoWhat, onEvent: OnEvent): Promise<string[]> {
    return new Executor(this.host, 0, onEvent).undo(what)
  }

  keepNetwork(): Promise<void> {
    return new Executor(this.host, 0, () => undefined).keepNetwork()
  }

  async launch(): Promise<void> {
    // The simulated VM needs no process.
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

  undo(): Promise<string[]> {
    return this.refuse()
  }

  keepNetwork(): Promise<void> {
    return this.refuse()
  }

  launch(): Promise<void> {
    return this.refuse()
  }

  reboot(): Promise<void> {
    return this.refuse()
  }
}
