import { argv, env, exit, getuid, stdin, stdout } from 'node:process'
import { whileAwake } from '#host/exec/inhibit.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { HelperAnswer } from '#shared/plan/helper-protocol.ts'
import { undoneText } from '#shared/plan/undone.ts'
import { listenForStop, type Stop } from './ending/stop.ts'
import { Executor } from './executor.ts'
import { linesOf } from './lines.ts'
import { takeLock } from './lock/lock.ts'
import { ROLLBACK_VERB } from './network/guard.ts'
import { takeLockForGuard } from './network/guard-lock.ts'
import { RealSystem } from './real-system.ts'
import { serve } from './serve.ts'

/** pkexec sets PKEXEC_UID to the user who asked (pkexec(1)); without it root started us directly. */
function callerUid(): number {
  const value = env['PKEXEC_UID']
  return value === undefined ? 0 : Number.parseInt(value, 10)
}

function send(answer: HelperAnswer): void {
  stdout.write(`${JSON.stringify(answer)}\n`)
}

async function main(stop: Stop): Promise<void> {
  if (getuid?.() !== 0)
    throw new ProblemError('permission', 'The helper has to run as root.', {
      hint: 'The app starts it through pkexec.',
    })
  const system = new RealSystem('/')
  const verb = argv[2] ?? ''
  // For systemd's timer only: no user is asked for a password for it.
  if (verb === ROLLBACK_VERB && callerUid() === 0) return rollBack(system, argv[3] ?? '')
  const release = await takeLock(system)
  try {
    await serve(linesOf(stdin), system, { caller: callerUid(), verb }, send, { stop, awake: whileAwake })
  } finally {
    await release()
  }
}

/** What the guard of a new network runs: it waits for a helper that is still at work, and ends one that stays. */
async function rollBack(system: RealSystem, tx: string): Promise<void> {
  const release = await takeLockForGuard(system)
  try {
    const undone = await new Executor(system, 0, (event) => stdout.write(`${JSON.stringify(event)}\n`)).rollBack(tx)
    stdout.write(`${undoneText(undone)}\n`)
  } finally {
    await release()
  }
}

/** Once all answers are out. A write that hangs in the kernel, or whoever still holds our stdin, must not keep us. */
function end(code: number): void {
  stdout.write('', () => exit(code))
}

// The app may die while a change is made; a broken pipe must not stop the change half-way.
stdout.on('error', () => undefined)
main(listenForStop()).then(
  () => end(0),
  (thrown: unknown) => {
    send({ id: -1, kind: 'problem', problem: problemOf(thrown) })
    end(1)
  },
)
