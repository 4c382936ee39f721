import type { OwnText } from '#core/texts/file.ts'
import { hostText } from '#core/texts/host-script/host-script.ts'
import { vmUnitText } from '#core/texts/vm-unit.ts'
import { startDetached } from '#host/exec/detached.ts'
import { droppedTo } from '#host/exec/tools.ts'
import { hostSaid, startUnit, unitFailure } from '#host/probe/start-unit.ts'
import { systemdVersion } from '#host/probe/systemd-version.ts'
import { readStarted, scriptRuns } from '#host/probe/vm-started.ts'
import { isReservedName, RENAME } from '#shared/base/new-vm-name.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { noService } from '#shared/facts/services.ts'
import {
  earlierVmPaths,
  lockedKiB,
  type VmDefinition,
  vmDefinition,
  type VmPaths,
  vmPaths,
  vmUnit,
} from '#shared/vm/vm.ts'
import { type Account, accountOf } from '../allow-list/accounts.ts'
import { assertNoSymlink } from '../allow-list/paths.ts'
import { unitRuns } from './unit.ts'

const RUNNING_HINT = 'Shut it down first, or open its screen.'

/**
 * Starts a VM as the service that step 8 wrote, for somebody whom no rule lets do that; where a VM is no service, the
 * host's part and then its own start-vm.sh as its unprivileged user. Everything that runs are root's files, so it is what
 * the admin was shown. Returns what could not be done for it although it starts.
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
  await assertOwn(system, hostText(definition))
  await assertNotRunning(system, name)
  if (noService(await systemdVersion(system)) !== null) return startSession(system, { ...definition, user })
  await assertOwn(system, vmUnitText(definition))
  return asUnit(system, definition)
}

async function asUnit(system: System, { name }: VmDefinition): Promise<string[]> {
  const unit = vmUnit(name)
  if (await unitRuns(system, unit))
    throw new ProblemError('vm-running', `The VM "${name}" runs already.`, { hint: RUNNING_HINT })
  const started = await startUnit(system, name)
  if (started.kind === 'started') return started.notes
  throw unitFailure(name, started.kind === 'failed' ? started.why : 'root may not start it.')
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

/** Root's own, and what this program writes for this definition. */
async function assertOwn(system: System, wanted: OwnText): Promise<void> {
  await assertNoSymlink(system, wanted.path)
  const [state, file] = [await system.state(wanted.path), await system.read(wanted.path)]
  if (state?.uid === 0 && file.kind === 'text' && file.text === wanted.text) return
  throw new ProblemError('no-definition', `${wanted.path} is not what this program writes for this VM.`, {
    hint: 'Apply step 8 again.',
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

/**
 * Without a systemd that could: a session of its own, which ends with the VM and not with whoever started it. Nobody gives
 * back what the host's part did, until the VM is started again or the host is.
 */
async function startSession(system: System, definition: VmDefinition): Promise<string[]> {
  const { name, user, atStart, memoryMiB } = definition
  if (atStart !== undefined)
    throw new ProblemError('refused', `The VM "${name}" needs systemd: nobody else would give its cards back.`, {
      hint: 'Choose in step 4 that they are bound at each boot, or until the next reboot.',
    })
  const { host, script } = vmPaths(name)
  const taken = await system.run('sh', [host, 'take'], { expect: 'any' })
  const said = await hostSaid(system, name)
  if (taken.exitCode !== 0)
    throw new ProblemError('vm-failed', `The VM did not start: ${said.join(' ') || taken.stderr.trim()}`, {
      hint: 'What was prepared for it is as before. Check again, then start again.',
    })
  const lock = lockedKiB(memoryMiB) * 1024
  await startDetached('prlimit', [`--memlock=${lock}:${lock}`, 'setpriv', ...droppedTo(user), '--', '/bin/sh', script])
  return said
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
