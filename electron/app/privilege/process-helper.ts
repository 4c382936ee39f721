import { type HelperCommand, type RootEnd, startHelper } from '#host/exec/as-root.ts'
import type { RootReads } from '#host/real/root-reads.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { type HelperAnswer, helperAnswer, type HelperRequest } from '#shared/plan/helper-protocol.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { Undone } from '#shared/plan/undone.ts'
import type { Helper, OnEvent, UndoWhat } from './helper-client.ts'
import { endedByPolkit } from './polkit-exit.ts'
import type { Privilege } from './privilege.ts'

type Body = HelperRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

const READ_CLOSED: Body = { kind: 'read-closed' }

/**
 * Starts the privileged helper for one request, lets it answer, and lets it end. After each change for an ordinary
 * user it also reads what may be closed to them, in the same run, so that nobody judges by a menu that is gone.
 */
export class ProcessHelper implements Helper {
  private readonly privilege: Privilege
  private readonly opened: RootReads

  constructor(privilege: Privilege, opened: RootReads) {
    this.privilege = privilege
    this.opened = opened
  }

  async apply(plan: Plan, onEvent: OnEvent): Promise<void> {
    await this.change({ kind: 'apply', plan }, onEvent)
  }

  undo(what: UndoWhat, onEvent: OnEvent): Promise<Undone> {
    return this.change(
      what.kind === 'step' ? { kind: 'undo-step', step: what.step, vm: what.vm } : { kind: 'undo', scope: what.kind },
      onEvent,
    )
  }

  async leave(tx: string, index: number): Promise<void> {
    await this.askOne({ kind: 'leave', tx, index })
  }

  async confirmNetwork(): Promise<void> {
    await this.askOne({ kind: 'keep-network' })
  }

  async readClosed(): Promise<void> {
    await this.askOne(READ_CLOSED)
  }

  async launch(vm: string): Promise<string[]> {
    return (await this.askOne({ kind: 'launch', vm })).notes
  }

  async reboot(): Promise<void> {
    await this.askOne({ kind: 'reboot' })
  }

  private async change(body: Body, onEvent: OnEvent): Promise<Undone> {
    const command = await this.command()
    this.opened.keep([])
    return this.ask(command, command.tool === 'pkexec' ? [body, READ_CLOSED] : [body], onEvent)
  }

  private async askOne(body: Body): Promise<Undone> {
    return this.ask(await this.command(), [body], () => undefined)
  }

  /** As the host is now: a helper that was updated since the last look is not asked in an old language. */
  private async command(): Promise<HelperCommand> {
    await this.privilege.renew()
    const { command, refusal } = this.privilege.access
    if (command !== null) return command
    throw refusal ?? new ProblemError('no-helper', 'Nothing can be changed on this host.', { hint: 'About says why.' })
  }

  /** Sends requests to one helper and returns what it had to say of the first. */
  private async ask(command: HelperCommand, bodies: readonly Body[], onEvent: OnEvent): Promise<Undone> {
    const helper = startHelper(command)
    helper.send(bodies.map((body, id) => JSON.stringify({ id, ...body })))
    const answers: HelperAnswer[] = []
    for await (const line of helper.lines) {
      const answer = helperAnswer.parse(JSON.parse(line))
      if (answer.kind === 'event') onEvent(answer.event)
      else answers.push(answer)
      if (answer.kind === 'opened') this.opened.keep(answer.files)
      // QEMU may have inherited the helper's stdout, so its end says nothing.
      if (answers.length === bodies.length) break
    }
    return saidIn(answers[0]) ?? Promise.reject(endedEarly(await helper.ended, command))
  }
}

/** Notes of the first request's answer, and what it left; null: there was none. Throws its problem. */
function saidIn(answer: HelperAnswer | undefined): Undone | null {
  if (answer?.kind === 'problem') throw ProblemError.from(answer.problem)
  if (answer === undefined) return null
  const notes = answer.kind === 'result' || answer.kind === 'undone' ? answer.notes : []
  return { notes, left: answer.kind === 'undone' ? answer.left : [] }
}

function endedEarly(end: RootEnd, command: HelperCommand): ProblemError {
  const byPolkit = endedByPolkit(end, command.tool === 'pkexec')
  if (byPolkit !== null) return byPolkit
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
