import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NoHelper } from '#app/privilege/helper-client.ts'
import { RealHost } from '#host/real/real.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import type { VmDefinition, VmPaths } from '#shared/vm/vm.ts'
import type { Places } from '#vm/own/places.ts'
import { VmSupervisor } from '#vm/own/supervisor.ts'
import { prepare } from './prepared.ts'

/** Starts the script as a session of its own, past the notes of the last run, as the real helper does without systemd. */
export class DetachedLauncher extends NoHelper {
  private readonly paths: VmPaths

  constructor(paths: VmPaths) {
    super(new ProblemError('refused', 'This helper only starts VMs.', { hint: 'Look.' }))
    this.paths = paths
  }

  override async launch(): Promise<string[]> {
    const { exit, started, forced, log } = this.paths
    for (const note of [exit, started, forced, log]) await rm(note, { force: true })
    const child = spawn('sh', [this.paths.script], { detached: true, stdio: 'ignore' })
    await once(child, 'spawn')
    child.unref()
    return []
  }
}

/** Places that are known beforehand. */
export function fixedPlaces(of: Places['of']): Places {
  return { of, look: async (name) => of(name) }
}

/** A VM on the real QEMU, and a supervisor as a fresh start of the app would have it. */
export async function startableVm(definition: VmDefinition, qemu: QemuFacts) {
  const { paths, run } = await prepare(definition, qemu)
  const helper = new DetachedLauncher(paths)
  const supervisor = () =>
    new VmSupervisor(
      new RealHost(),
      helper,
      fixedPlaces(() => paths),
    )
  return { definition, paths, run, data: dirname(run), helper, supervisor }
}

export type StartableVm = Awaited<ReturnType<typeof startableVm>>

/** The process of a VM whose command line matches. Throws when there is none. */
export async function pidOf(name: RegExp, run: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((pid) => /^\d+$/u.test(pid))
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(run) && name.test(line)) return Number(pid)
  }
  throw new Error(`no ${String(name)} runs`)
}
