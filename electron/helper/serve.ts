import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { type HelperAnswer, type HelperRequest, helperRequest, MAX_LINE, verbOf } from '#shared/plan/helper-protocol.ts'
import { readBootMenu } from './allow-list/read-boot-menu.ts'
import { NEVER, type Stop } from './ending/stop.ts'
import { Executor, type UndoScope } from './executor.ts'
import { until } from './lines.ts'
import { launchVm } from './units/launch.ts'
import { reboot } from './units/reboot.ts'

/** What a helper serves: who asked, and the one thing the password was asked for. */
export interface Asked {
  /** Uid of the user; 0 when root asked directly. */
  caller: number
  /** First argument of the process; a request of another kind is refused. */
  verb: string
}

/** What surrounds the answering of requests. */
export interface Surroundings {
  /** Whether somebody wants it to end. */
  stop: Stop
  /** Keeps the host awake while something is changed. */
  awake: <T>(why: string, work: () => Promise<T>) => Promise<T>
}

const UNDISTURBED: Surroundings = { stop: NEVER, awake: (_why, work) => work() }

/** Answers one request, the first line, and no other. A line that does not fit is answered, not obeyed. */
export async function serve(
  lines: AsyncIterable<string>,
  system: System,
  asked: Asked,
  send: (answer: HelperAnswer) => void,
  around: Surroundings = UNDISTURBED,
): Promise<void> {
  for await (const line of until(lines, around.stop.asked)) {
    const request = parseRequest(line)
    if (request instanceof ProblemError) return send({ id: -1, kind: 'problem', problem: request.problem })
    return answer(request, system, asked, send, around)
  }
}

async function answer(
  request: HelperRequest,
  system: System,
  { caller, verb }: Asked,
  send: (answer: HelperAnswer) => void,
  { stop, awake }: Surroundings,
): Promise<void> {
  const { id, kind } = request
  if (verbOf(request) !== verb) return send({ id, kind: 'problem', problem: otherThanAsked(kind, verb).problem })
  const executor = new Executor(system, caller, (event) => send({ id, kind: 'event', event }), stop)
  const work = () => lastAnswer(request, executor, system, caller)
  const changes = kind === 'apply' || isUndo(request)
  const last = await (changes ? awake('The host is being changed', work) : work())
  // After a change nobody may judge by a menu that is gone, and for this no second password is asked.
  if (kind === 'read-closed' || (changes && caller !== 0))
    send({ id, kind: 'opened', menu: await readBootMenu(system) })
  send(last)
}

async function lastAnswer(
  request: HelperRequest,
  executor: Executor,
  system: System,
  caller: number,
): Promise<HelperAnswer> {
  const { id } = request
  try {
    if (isUndo(request)) return { id, kind: 'undone', ...(await executor.undo(scopeOf(request))) }
    return { id, kind: 'result', notes: await obey(request, executor, system, caller) }
  } catch (thrown) {
    return { id, kind: 'problem', problem: problemOf(thrown) }
  }
}

function otherThanAsked(kind: string, verb: string): ProblemError {
  return new ProblemError('refused', `This helper was started for "${verb}" and is asked for "${kind}".`, {
    hint: VERSIONS,
  })
}

const VERSIONS = 'Program and helper may be of different versions; About says so.'

function parseRequest(line: string): HelperRequest | ProblemError {
  if (line.length > MAX_LINE)
    return new ProblemError('protocol', `A request is longer than ${MAX_LINE} characters.`, { hint: VERSIONS })
  try {
    const parsed = helperRequest.safeParse(JSON.parse(line))
    return parsed.success
      ? parsed.data
      : new ProblemError('protocol', 'A request does not fit its schema.', {
          detail: parsed.error.message,
          hint: VERSIONS,
        })
  } catch {
    return new ProblemError('protocol', 'A request is not JSON.', { hint: VERSIONS })
  }
}

type Undo = Extract<HelperRequest, { kind: 'undo' | 'undo-step' }>

function isUndo(request: HelperRequest): request is Undo {
  return request.kind === 'undo' || request.kind === 'undo-step'
}

function scopeOf(request: Undo): UndoScope {
  return request.kind === 'undo' ? { kind: request.scope } : { kind: 'step', step: request.step, vm: request.vm }
}

async function obey(
  request: Exclude<HelperRequest, Undo>,
  executor: Executor,
  system: System,
  caller: number,
): Promise<string[]> {
  switch (request.kind) {
    case 'read-closed':
      return []
    case 'apply':
      await executor.apply(request.plan, request.password)
      return []
    case 'leave':
      await executor.leave(request.tx, request.index)
      return []
    case 'set-journal-aside':
      return executor.setJournalAside()
    case 'keep-network':
      await executor.confirmNetwork()
      return []
    case 'launch':
      return launchVm(system, request.vm, caller)
    case 'reboot':
      await reboot(system)
      return []
  }
}
