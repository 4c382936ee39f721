import { startDetached } from '#host/exec/detached.ts'
import { readStarted, scriptRuns } from '#host/probe/vm-started.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { type VmDefinition, vmDefinition, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { assertNoSymlink } from '../allow-list/paths.ts'
import { assertDevicesSpare } from '../changes/grant-node-access.ts'
import { isolateCpus, notIsolated, releaseCpus, VM_SLICE } from './cpu-isolation.ts'
import { execType, refusal, unitRuns } from './unit.ts'

/** Memory QEMU needs locked beyond the guest's own: page tables, ROMs, BAR mappings. In MiB. */
const LOCK_MARGIN_MIB = 1024

/**
 * Starts a VM's own start-vm.sh as its unprivileged user, with enough locked memory for VFIO. Script and
 * definition are root's files, written by step 8, so what runs here is what the admin was shown. Returns what could
 * not be done for it although it starts.
 */
const RUNNING_HINT = 'Shut it down first, or open its screen.'

export async function launchVm(system: System, name: string, caller: number): Promise<string[]> {
  const paths = vmPaths(name)
  await assertNoSymlink(system, paths.script)
  const definition = await readDefinition(system, paths.definition)
  const { user } = definition
  if (caller !== 0 && caller !== user.uid) {
    throw new ProblemError('refused', `The VM "${name}" belongs to ${user.name}.`, {
      hint: `Log in as ${user.name} to start it.`,
    })
  }
  if ((await system.state(paths.script))?.uid !== 0) {
    throw new ProblemError('no-definition', `${paths.script} is not there.`, { hint: 'Apply step 8 again.' })
  }
  const started = await readStarted(system, paths)
  if (started !== null && (await scriptRuns(system, paths, started)))
    throw new ProblemError('vm-running', `The VM "${name}" runs already.`, { hint: RUNNING_HINT })
  // They were given earlier; who uses them may have changed since.
  await assertDevicesSpare(system, definition)
  await system.makeDirectory(RUN_DIRECTORY, { mode: 0o755, uid: 0, gid: 0 })
  await system.makeDirectory(paths.run, { mode: 0o700, uid: user.uid, gid: user.gid })
  // Left by the last run; until the script gets so far they must not be taken for this one's.
  for (const note of [paths.exit, paths.started, paths.forced]) await system.remove(note)
  if (definition.tpm) await system.makeDirectory(paths.tpmState, { mode: 0o700, uid: user.uid, gid: user.gid })
  return begin(system, definition, (definition.memoryMiB + LOCK_MARGIN_MIB) * 1_048_576)
}

async function begin(system: System, definition: VmDefinition, lock: number): Promise<string[]> {
  if ((await system.list('/run/systemd/system')).kind === 'names') return startUnit(system, definition, lock)
  await startSession(definition, lock)
  return definition.setApart ? [notIsolated('systemd does not run here.')] : []
}

/**
 * A transient unit: it belongs to neither app nor helper, is found by its name, and systemd knows how it ended. The
 * same script with the same limits and identity as below.
 */
async function startUnit(system: System, definition: VmDefinition, lock: number): Promise<string[]> {
  const { log } = vmPaths(definition.name)
  const unit = vmUnit(definition.name)
  if (await unitRuns(system, unit))
    throw new ProblemError('vm-running', `The VM "${definition.name}" runs already.`, { hint: RUNNING_HINT })
  // One that failed stays listed, with the reason, until it is forgotten; before the first start there is none.
  await system.run('systemctl', ['reset-failed', unit], { expect: 'any' })
  const { uid, gid } = definition.user
  await system.writeAtomic(log, new Uint8Array(), { mode: 0o640, uid, gid })
  const { properties, note } = await isolateCpus(system, definition)
  const failure = await runUnit(system, definition, lock, properties)
  if (failure === null) return note === null ? [] : [note]
  if (properties.length === 0) throw doesNotStart(unit, failure)
  // An older systemd may not take those properties; without them the VM runs all the same.
  const left = await releaseCpus(system)
  const again = await runUnit(system, definition, lock, [])
  if (again !== null) throw doesNotStart(unit, [again, ...left].join(' '))
  return [notIsolated(failure), ...left]
}

/** Null: it was started; else systemd's own words. */
async function runUnit(
  system: System,
  { name, user }: VmDefinition,
  lock: number,
  more: readonly string[],
): Promise<string | null> {
  const { log, script } = vmPaths(name)
  const properties = [
    `LimitMEMLOCK=${lock}`,
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'UMask=0077',
    `StandardOutput=file:${log}`,
    'StandardError=inherit',
    ...more,
  ]
  const identity = [`--uid=${user.uid}`, `--gid=${user.gid}`]
  const described = [`--unit=${vmUnit(name)}`, `--description=VM "${name}" of Passthrough Studio`, '--quiet']
  const type = await execType(system)
  const place = [`--slice=${VM_SLICE}`, ...properties.map((property) => `--property=${property}`)]
  // By its shell: a /var that forbids execution, or labels its files, does not stop it.
  const words = [...described, ...type, ...identity, ...place, '--', '/bin/sh', script]
  return refusal(system, 'systemd-run', words)
}

function doesNotStart(unit: string, words: string): ProblemError {
  return new ProblemError('vm-failed', `systemd does not start ${unit}: ${words}`, {
    hint: `"systemctl status ${unit}" may say more.`,
  })
}

/** Without systemd: a session of its own, which ends with the VM and not with whoever started it. */
async function startSession({ name, user }: VmDefinition, lock: number): Promise<void> {
  const { log, script } = vmPaths(name)
  const limits = [`--memlock=${lock}:${lock}`, 'setpriv', ...identity(user), '--', '/bin/sh', script]
  await startDetached('prlimit', limits, { path: log, ...user })
}

function identity(user: VmDefinition['user']): string[] {
  return [
    '--reuid',
    String(user.uid),
    '--regid',
    String(user.gid),
    '--init-groups',
    '--no-new-privs',
    '--inh-caps=-all',
  ]
}

async function readDefinition(system: System, path: string): Promise<VmDefinition> {
  const result = await system.read(path)
  if (result.kind !== 'text')
    throw new ProblemError('no-definition', `${path} is not there.`, { hint: 'Apply step 8 first.' })
  const parsed = vmDefinition.safeParse(JSON.parse(result.text))
  if (parsed.success) return parsed.data
  throw new ProblemError('no-definition', `${path} is not a VM definition of this version.`, {
    hint: 'Apply step 8 again.',
    detail: parsed.error.message,
  })
}
