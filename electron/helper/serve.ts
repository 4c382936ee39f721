import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { type HelperAnswer, type HelperRequest, helperRequest, MAX_LINE } from '#shared/plan/helper-protocol.ts'
import { readBootMenu } from './allow-list/read-boot-menu.ts'
import { Executor, type UndoScope } from './executor.ts'
import { launchVm } from './units/launch.ts'

/** Answers one request at a time, in order, until the lines end. A line that does not fit is answered, not obeyed. */
export async function serve(
  lines: AsyncIterable<string>,
  system: System,
  caller: number,
  send: (answer: HelperAnswer) => void,
): Promise<void> {
  for await (const line of lines) {
    const request = parseRequest(line)
    if (request instanceof ProblemError) {
      send({ id: -1, kind: 'problem', problem: request.problem })
      continue
    }
    const { id } = request
    try {
      if (request.kind === 'read-closed') {
        send({ id, kind: 'opened', files: await readBootMenu(system) })
        continue
      }
      const executor = new Executor(system, caller, (event) => send({ id, kind: 'event', event }))
      if (request.kind === 'undo' || request.kind === 'undo-step') {
        send({ id, kind: 'undone', ...(await executor.undo(scopeOf(request))) })
        continue
      }
      send({ id, kind: 'result', notes: await obey(request, executor, system, caller) })
    } catch (thrown) {
      send({ id, kind: 'problem', problem: problemOf(thrown) })
    }
  }
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
type Action = Exclude<HelperRequest, Undo | { kind: 'read-closed' }>

function scopeOf(request: Undo): UndoScope {
  return request.kind === 'undo' ? { kind: request.scope } : { kind: 'step', step: request.step, vm: request.vm }
}

async function obey(request: Action, executor: Executor, system: System, caller: number): Promise<string[]> {
  switch (request.kind) {
    case 'hello':
      return []
    case 'apply':
      await executor.apply(request.plan)
      return []
    case 'leave':
      await executor.leave(request.tx, request.index)
      return []
    case 'keep-network':
      await executor.confirmNetwork()
      return []
    case 'launch':
      return launchVm(system, request.vm, caller)
    case 'reboot':
      await system.run('systemctl', ['reboot'], { hint: 'Reboot the host yourself.' })
      return []
  }
}
