import { startDetached } from '#host/exec/detached.ts'
import { readStarted, scriptRuns } from '#host/probe/vm-started.ts'
import { isReservedName, RENAME } from '#shared/base/new-vm-name.ts'
import { RUN_DIRECTORY, VM_LOG_DIRECTORY, VM_RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { earlierVmPaths, type VmDefinition, vmDefinition, type VmPaths, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { type Account, accountOf } from '../allow-list/accounts.ts'
import { assertNoSymlink } from '../allow-list/paths.ts'
import { assertDevicesSpare } from '../changes/grant-node-access.ts'
import { isolateCpus, notIsolated, releaseCpus, VM_SLICE } from './cpu-isolation.ts'
import { cardProperties, cardRefusal } from './take-cards.ts'
import { execType, refusal, unitRuns } from './unit.ts'

/** Memory QEMU needs locked beyond the guest's own: page tables, ROMs, BAR mappings. In MiB. */
const LOCK_MARGIN_MIB = 1024

const RUNNING_HINT = 'Shut it down first, or open its screen.'
const ROOTS = { mode: 0o755, uid: 0, gid: 0 }

/**
 * Starts a VM's own start-vm.sh as its unprivileged user, with enough locked memory for VFIO. Script and
 * definition are root's files, written by step 8, so what runs here is what the admin was shown. Returns what could
 * not be done for it although it starts.
 */
export async function launchVm(system: System, name: string, caller: number): Promise<string[]> {
  if (isReservedName(name))
    throw new ProblemError('refused', `"${name}" is a word of this program’s own; no VM of that name is started.`, {
      hint: RENAME,
    })
  const paths = vmPaths(name)
  await assertNoSymlink(system, paths.script)
  const definition = await readDefinition(system, paths.definition)
  const user = await userOf(system, definition, caller)
  await assertScript(system, paths)
  await assertNotRunning(system, name)
  // They were given earlier; who uses them may have changed since.
  await assertDevicesSpare(system, definition)
  for (const directory of [RUN_DIRECTORY, VM_RUN_DIRECTORY, VM_LOG_DIRECTORY])
    await system.makeDirectory(directory, ROOTS)
  await system.makeDirectory(paths.run, { mode: 0o700, uid: user.uid, gid: user.gid })
  // Left by the last run; until the script gets so far they must not be taken for this one's.
  for (const note of [paths.exit, paths.started, paths.forced, paths.serialLog]) await system.remove(note)
  if (definition.tpm) await system.makeDirectory(paths.tpmState, { mode: 0o700, uid: user.uid, gid: user.gid })
  return begin(system, { ...definition, user }, (definition.memoryMiB + LOCK_MARGIN_MIB) * 1_048_576)
}

/** As whom it runs: what the host says of that user, whatever the definition does. */
async function userOf(system: System, { name, user }: VmDefinition, caller: number): Promise<Account> {
  if (caller !== 0 && caller !== user.uid)
    throw new ProblemError('refused', `The VM "${name}" belongs to ${user.name}.`, {
      hint: `Log in as ${user.name} to start it.`,
    })
  const account = await accountOf(system, user.uid)
  if (account.gid === user.gid && account.name === user.name) return account
  const [says, is] = [user, account].map((one) => `${one.name} (group ${one.gid})`)
  throw new ProblemError('refused', `The VM "${name}" is defined for ${says}, but uid ${user.uid} is ${is}.`, {
    hint: 'Apply step 8 again; it takes the user as the host knows it.',
  })
}

/** Root's own, and of this version: an earlier one has its sockets where nobody looks for them now. */
async function assertScript(system: System, { script, run }: VmPaths): Promise<void> {
  if ((await system.state(script))?.uid !== 0)
    throw new ProblemError('no-definition', `${script} is not there.`, { hint: 'Apply step 8 again.' })
  const written = await system.read(script)
  if (written.kind === 'text' && written.text.includes(`\nrun=${run}\n`)) return
  throw new ProblemError('no-definition', `${script} was written by another version of this program.`, {
    hint: 'Apply step 8 again; only the script changes.',
  })
}

/** Here or where an earlier version started it; its unit is asked besides. */
async function assertNotRunning(system: System, name: string): Promise<void> {
  for (const paths of [vmPaths(name), earlierVmPaths(name)]) {
    const started = await readStarted(system, paths)
    if (started !== null && (await scriptRuns(system, paths, started)))
      throw new ProblemError('vm-running', `The VM "${name}" runs already.`, { hint: RUNNING_HINT })
  }
}

async function begin(system: System, definition: VmDefinition, lock: number): Promise<string[]> {
  const cards = await cardProperties(system, definition)
  if ((await system.list('/run/systemd/system')).kind === 'names') return startUnit(system, definition, lock, cards)
  await startSession(definition, lock)
  return definition.setApart ? [notIsolated('systemd does not run here.')] : []
}

/**
 * A transient unit: it belongs to neither app nor helper, is found by its name, and systemd knows how it ended. The
 * same script with the same limits and identity as below.
 */
async function startUnit(
  system: System,
  definition: VmDefinition,
  lock: number,
  cards: readonly string[],
): Promise<string[]> {
  const { log } = vmPaths(definition.name)
  const unit = vmUnit(definition.name)
  if (await unitRuns(system, unit))
    throw new ProblemError('vm-running', `The VM "${definition.name}" runs already.`, { hint: RUNNING_HINT })
  // One that failed stays listed, with the reason, until it is forgotten; before the first start there is none.
  await system.run('systemctl', ['reset-failed', unit], { expect: 'any' })
  const { uid, gid } = definition.user
  await system.writeAtomic(log, new Uint8Array(), { mode: 0o640, uid, gid })
  const { properties, note } = await isolateCpus(system, definition)
  const failure = await runUnit(system, definition, lock, [...cards, ...properties])
  if (failure === null) return note === null ? [] : [note]
  const refused = cards.length === 0 ? null : await cardRefusal(system, definition.name)
  if (refused !== null) throw refused
  if (properties.length === 0) throw doesNotStart(unit, failure)
  // An older systemd may not take those properties; without them the VM runs all the same.
  const left = await releaseCpus(system)
  const again = await runUnit(system, definition, lock, cards)
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
