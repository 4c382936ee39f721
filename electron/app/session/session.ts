import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from '#host/file-reader.ts'
import type { Host } from '#host/host.ts'
import { RealHost } from '#host/real/real.ts'
import { RootReads } from '#host/real/root-reads.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording } from '#host/recorded/recording.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { workstationIn } from '#host/simulated/scene.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { TextHost } from '#host/text/text-host.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { VmDriver } from '#vm/driver.ts'
import { VmSupervisor } from '#vm/own/supervisor.ts'
import { RecordedVm, SimulatedVm } from '#vm/simulated.ts'
import { type Helper, NoHelper, SimulatedHelper } from '../privilege/helper-client.ts'
import { fixedPrivilege, type Privilege, RealPrivilege } from '../privilege/privilege.ts'
import { ProcessHelper } from '../privilege/process-helper.ts'
import { type Program, readProgram } from '../privilege/program.ts'
import { FRESH_STATE } from './saved-state.ts'
import { FileStore, MemoryStore, type StateStore } from './state-store.ts'

/** Everything that belongs to one host: how it is read, changed, remembered, and how its VM is driven. */
export interface Session {
  host: Host
  helper: Helper
  vm: VmDriver
  store: StateStore
  /** Whether this user can change this host, and through what. */
  privilege: Privilege
}

/**
 * Opens `real`, `paper`, `dir:PATH` or `text:FILE`; `paper:FILE` is the simulated workstation after what the file says
 * happened to it. `directory` holds this program's bundles. Throws `usage`, `not-found` or `bad-recording`.
 */
export async function openSession(where: string, directory: string): Promise<Session> {
  if (where === 'real') return realSession(await readProgram(directory))
  if (where === 'paper') return simulatedSession(new SimulatedHost(recordingOf(PAPER_WORKSTATION)))
  if (where.startsWith('paper:')) return simulatedSession(await workstationIn(where.slice('paper:'.length)))
  if (where.startsWith('dir:')) return recordedSession(where.slice('dir:'.length))
  if (where.startsWith('text:')) return textSession(where.slice('text:'.length))
  throw new ProblemError('usage', `--host ${where} is not known.`, { hint: 'Use real, paper, dir:PATH or text:FILE.' })
}

async function realSession(program: Program): Promise<Session> {
  const opened = new RootReads()
  const host = new RealHost(opened)
  const privilege = new RealPrivilege(program)
  await privilege.renew()
  const helper = new ProcessHelper(privilege, opened)
  return { host, helper, vm: new VmSupervisor(host, helper), store: new FileStore(), privilege }
}

/** A session of a simulated host. */
export function simulatedSession(host: SimulatedHost): Session {
  return {
    host,
    helper: new SimulatedHelper(host),
    vm: new SimulatedVm(host),
    store: new MemoryStore(),
    privilege: fixedPrivilege('Simulated: changes touch nothing real.', null),
  }
}

async function recordedSession(directory: string): Promise<Session> {
  const path = directory.endsWith('.json') ? directory : join(directory, 'host.json')
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new ProblemError('not-found', `There is no recording at ${path} (${errnoOf(thrown)}).`, {
      hint: 'Give the directory that holds host.json.',
    })
  })
  const recording = parseRecording(text, path)
  return lookOnly(
    new RecordedHost(recording),
    new ProblemError('refused', 'A recording can be looked at, not changed.', {
      hint: 'Use --host paper to practise.',
    }),
    new MemoryStore({ ...FRESH_STATE, ...recording.saved }),
  )
}

async function textSession(path: string): Promise<Session> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new ProblemError('not-found', `There is no text at ${path} (${errnoOf(thrown)}).`, {
      hint: 'Give the file that holds the pasted listing.',
    })
  })
  return lookOnly(
    TextHost.from(text, path),
    new ProblemError('refused', 'A pasted text can be looked at, not changed.', {
      hint: 'Run this program on the host itself.',
    }),
  )
}

function lookOnly(host: Host, refusal: ProblemError, store: StateStore = new MemoryStore()): Session {
  return {
    host,
    helper: new NoHelper(refusal),
    vm: new RecordedVm(),
    store,
    privilege: fixedPrivilege(refusal.message, refusal),
  }
}
