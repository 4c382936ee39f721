import { env, exit, getuid, stdin, stdout } from 'node:process'
import type { HelperAnswer } from '../../shared/helper-protocol.ts'
import { ProblemError, problemOf } from '../../shared/problem.ts'
import { linesOf } from './lines.ts'
import { takeLock } from './lock.ts'
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

async function main(): Promise<void> {
  if (getuid?.() !== 0)
    throw new ProblemError('permission', 'The helper has to run as root.', {
      hint: 'The app starts it through pkexec.',
    })
  const system = new RealSystem('/')
  const release = await takeLock(system)
  try {
    await serve(linesOf(stdin), system, callerUid(), send)
  } finally {
    await release()
  }
}

// The app may die while a change is made; a broken pipe must not stop the change half-way.
stdout.on('error', () => undefined)
main().catch((thrown: unknown) => {
  send({ id: -1, kind: 'problem', problem: problemOf(thrown) })
  exit(1)
})
