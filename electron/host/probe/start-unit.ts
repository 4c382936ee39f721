import type { Runner } from '#host/exec/tool-text.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Reader } from '#shared/base/system.ts'
import { vmPaths, vmUnit } from '#shared/vm/vm.ts'

/** `closed`: who asks may not start it. `why` is what the host's part said, else systemd's own words. */
export type UnitStart = { kind: 'started'; notes: string[] } | { kind: 'closed' } | { kind: 'failed'; why: string }

/** Longer than the unit gives itself (TimeoutStartSec). */
const LIMIT_MS = 360_000

/** Has systemd start a VM's unit, and waits until QEMU's script runs or what comes before it has failed. */
export async function startUnit(runner: Runner & Pick<Reader, 'read'>, name: string): Promise<UnitStart> {
  const words = ['start', '--no-ask-password', vmUnit(name)]
  const result = await runner.run('systemctl', words, { expect: 'any', limitMs: LIMIT_MS })
  if (result === null) return { kind: 'failed', why: 'systemctl is not installed.' }
  if (result.exitCode === 0) return { kind: 'started', notes: await hostSaid(runner, name) }
  // 4: access was denied (systemctl(1)); to ask for it has words of its own, also where somebody else is asked.
  if (result.exitCode === 4 || /interactive authentication required|access denied/iu.test(result.stderr))
    return { kind: 'closed' }
  const said = await hostSaid(runner, name)
  return { kind: 'failed', why: said.length > 0 ? said.join(' ') : result.stderr.trim() }
}

/** The failure of a start, for people. */
export function unitFailure(name: string, why: string): ProblemError {
  return new ProblemError('vm-failed', `The VM did not start: ${why}`, {
    hint: `What was prepared for it is as before. "systemctl status ${vmUnit(name)}" may say more.`,
  })
}

/** Returns what the host's part had to say at the last start or end, in sentences. */
export async function hostSaid(reader: Pick<Reader, 'read'>, name: string): Promise<string[]> {
  const note = await reader.read(vmPaths(name).said)
  return note.kind === 'text' ? note.text.split('\n').filter((line) => line !== '') : []
}
