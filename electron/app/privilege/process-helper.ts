import { type HelperCommand, type RootEnd, startHelper } from '#host/exec/as-root.ts'
import type { RootReads } from '#host/real/root-reads.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { helperAnswer, type RequestBody, verbOf } from '#shared/plan/helper-protocol.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { Undone } from '#shared/plan/undone.ts'
import type { Helper, OnEvent, UndoWhat } from './helper-client.ts'
import { endedByPolkit } from './polkit-exit.ts'
import type { Privilege } from './privilege.ts'

/**
 * Starts the privileged helper for one request, named by its first argument, lets it answer, and lets it end. After each
 * change for an ordinary user it also sends what may be closed to them, so that nobody judges by a menu that is gone.
 */
export class ProcessHelper implements Helper {
  private readonly privilege: Privilege
  private readonly opened: RootReads

  constructor(privilege: Privilege, opened: RootReads) {
    this.privilege = privilege
    this.opened = opened
  }

  async apply(plan: Plan, onEvent: OnEvent, password: string | null = null): Promise<void> {
    await this.change({ kind: 'apply', plan, password }, onEvent)
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

  async setJournalAside(): Promise<string[]> {
    return (await this.askOne({ kind: 'set-journal-aside' })).notes
  }

  async confirmNetwork(): Promise<void> {
    await this.askOne({ kind: 'keep-network' })
  }

  async readClosed(): Promise<void> {
    await this.askOne({ kind: 'read-closed' })
  }

  async launch(vm: string): Promise<string[]> {
    return (await this.askOne({ kind: 'launch', vm })).notes
  }

  async reboot(): Promise<void> {
    await this.askOne({ kind: 'reboot' })
  }

  private async change(body: RequestBody, onEvent: OnEvent): Promise<Undone> {
    const command = await this.command()
    this.opened.forget()
    return this.ask(command, body, onEvent)
  }

  private async askOne(body: RequestBody): Promise<Undone> {
    return this.ask(await this.command(), body, () => undefined)
  }

  /** As the host is now: a helper that was updated since the last look is not asked in an old language. */
  private async command(): Promise<HelperCommand> {
    await this.privilege.renew()
    const { command, refusal } = this.privilege.access
    if (command !== null) return command
    throw refusal ?? new ProblemError('no-helper', 'Nothing can be changed on this host.', { hint: 'About says why.' })
  }

  /** Sends a request to a helper of its own and returns what it had to say of it. */
  private async ask(command: HelperCommand, body: RequestBody, onEvent: OnEvent): Promise<Undone> {
    const verb = verbOf(body)
    if (verb === null) throw new ProblemError('internal', 'This step has no changes to make.')
    const helper = startHelper({ ...command, args: [...command.args, verb] })
    helper.send([JSON.stringify({ id: 0, ...body })])
    try {
      for await (const line of helper.lines) {
        const answer = helperAnswer.parse(JSON.parse(line))
        if (answer.kind === 'event') onEvent(answer.event)
        if (answer.kind === 'opened') this.opened.keep(answer.menu)
        if (answer.kind === 'problem') throw ProblemError.from(answer.problem)
        // Its own end is not waited for: it may hang in the kernel, and others may hold its output.
        if (answer.kind === 'result') return { notes: answer.notes, left: [] }
        if (answer.kind === 'undone') return { notes: answer.notes, left: answer.left }
      }
      throw endedEarly(await helper.ended, command)
    } finally {
      await helper.letGo()
    }
  }
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
