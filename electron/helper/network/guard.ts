import { argv, execPath } from 'node:process'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { GUARD_FILE, guardUnit } from '#shared/facts/network.ts'
import type { Work } from '../handler.ts'

/** What a timer runs: a copy that only root may read or replace, so that no update or user changes it meanwhile. */
const COPY_DIRECTORY = `${RUN_DIRECTORY}/guard`
const COPY = `${COPY_DIRECTORY}/helper.cjs`
const PRIVATE = { mode: 0o700, uid: 0, gid: 0 }

const NO_GUARD =
  'The timer that would bring the old network back cannot be started, so the network stays as it is. The private network needs no such timer.'

/** The verb that makes this program take one transaction back instead of serving requests. */
export const ROLLBACK_VERB = '--rollback'

/**
 * Starts a transient timer of systemd (systemd-run(1)) that takes this transaction back after `seconds`. It belongs
 * to systemd, so it fires whatever becomes of the app, the session and this process. A reboot ends it.
 */
export async function armGuard(work: Work, seconds: number): Promise<void> {
  const { system, tx } = work
  const program = system.simulated ? ['helper'] : await rootCopy(system)
  const unit = ['--quiet', '--collect', '--unit', guardUnit(tx), '--description', 'Brings the old network back']
  const timer = ['--on-active', `${seconds}s`, '--timer-property', 'AccuracySec=500ms']
  const command = ['--', ...program, ROLLBACK_VERB, tx]
  await system.run('systemd-run', [...unit, ...timer, ...command], { onLine: work.log, hint: NO_GUARD })
  const until = new Date(Date.now() + seconds * 1000).toISOString()
  const note = new TextEncoder().encode(`${JSON.stringify({ tx, until })}\n`)
  await system.writeAtomic(GUARD_FILE, note, { mode: 0o644, uid: 0, gid: 0 })
}

/** Stops a guard; one that has fired, or was lost in a reboot, is no error. */
export async function disarmGuard(system: System, tx: string, log: (line: string) => void): Promise<void> {
  if ((await system.state(GUARD_FILE)) !== null) await system.remove(GUARD_FILE)
  await system.run('systemctl', ['stop', `${guardUnit(tx)}.timer`], { onLine: log, expect: 'any' })
}

/** Returns this very program as words that run a copy of it, which only root may read or replace. */
export async function rootCopy(system: System): Promise<string[]> {
  const script = argv[1]
  const bytes = script === undefined ? null : await system.bytes(script)
  if (bytes === null) throw new ProblemError('internal', 'The helper does not find its own program.')
  await system.makeDirectory(RUN_DIRECTORY, { ...PRIVATE, mode: 0o755 })
  await system.makeDirectory(COPY_DIRECTORY, PRIVATE)
  await system.writeAtomic(COPY, bytes, { ...PRIVATE, mode: 0o600 })
  return [execPath, COPY]
}
