import { kill } from 'node:process'
import { toolText } from '#host/exec/tool-text.ts'
import { errnoOf } from '#host/file-reader.ts'
import type { Host } from '#host/host.ts'
import { hostSaid } from '#host/probe/start-unit.ts'
import { readStarted, scriptRuns } from '#host/probe/vm-started.ts'
import { makeUsersFile } from '#host/users-file.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { type VmPaths, type VmRef, type VmStatus, vmUnit } from '#shared/vm/vm.ts'
import { withQmp } from '../qmp/client.ts'
import { statusAnswer } from '../qmp/messages.ts'
import { type Ending, errorLines, exitReason, parseEnding } from './exit-reason.ts'
import type { Places } from './places.ts'

/** Any group does where none is needed. */
const NO_GROUP = 65_534

/** What is known of a VM's processes at one moment. */
export interface Life {
  /** QEMU's own word for its state, e.g. `prelaunch` or `running`; null: it does not answer. */
  qmpStatus: string | null
  /** QEMU answers, or its start script is still there. */
  running: boolean
  /** Its private directory is another user's, so its state is unknown here. */
  inaccessible: boolean
  since: string | null
  /** Its script waits for a viewer before it lets the guest run. */
  waits: boolean
}

/** Looks at a VM through its control socket, its start script's notes and the kernel. Nothing of it is kept. */
export class VmProcess {
  private readonly host: Host
  private readonly limitMs: number
  private readonly places: Places

  constructor(host: Host, limitMs: number, places: Places) {
    this.host = host
    this.limitMs = limitMs
    this.places = places
  }

  async probe({ name }: VmRef): Promise<Life> {
    const paths = await this.places.look(name)
    if ((await this.host.read(paths.started)).kind === 'denied')
      return { qmpStatus: null, running: false, inaccessible: true, since: null, waits: false }
    const started = await readStarted(this.host, paths)
    const qmpStatus = await this.qmpStatus(paths.qmp)
    const running = qmpStatus !== null || (started !== null && (await scriptRuns(this.host, paths, started)))
    return {
      qmpStatus,
      running,
      inaccessible: false,
      waits: qmpStatus !== null && (await this.waits(paths)),
      since: running && started !== null ? new Date(started.at).toISOString() : null,
    }
  }

  /** Returns whether its script waits for a viewer. */
  async waits({ waits }: Pick<VmPaths, 'waits'>): Promise<boolean> {
    return (await this.host.read(waits)).kind === 'text'
  }

  private async qmpStatus(qmp: string): Promise<string | null> {
    try {
      const answer = await withQmp(qmp, this.limitMs, (client) => client.command('query-status'))
      return statusAnswer.parse(answer).status
    } catch (thrown) {
      if (thrown instanceof ProblemError) return null
      throw thrown
    }
  }

  /** Records that the VM was forced off beyond this program, so that the next one does not call it a crash. */
  async noteForced({ name }: VmRef): Promise<void> {
    try {
      await makeUsersFile(this.places.of(name).forced)
    } catch (thrown) {
      // Without its directory the VM was never started in this boot, and there is nothing to tell apart.
      if (!['ENOENT', 'EEXIST'].includes(errnoOf(thrown)))
        throw new ProblemError('permission', `${this.places.of(name).forced} cannot be written: ${errnoOf(thrown)}.`, {
          hint: 'Check the owner of that directory.',
        })
    }
  }

  /** Returns how a VM that is not alive ended, in words; `error` null: as it should, or as somebody asked. */
  async ended(vm: VmRef): Promise<Pick<VmStatus, 'detail' | 'error'>> {
    const { forced, exit } = this.places.of(vm.name)
    if ((await this.host.read(forced)).kind === 'text') return { detail: 'It was forced off.', error: null }
    const error = await this.reason(vm)
    const shutDown = error === null && parseEnding(await this.text(exit)) !== null
    return { detail: shutDown ? 'It has shut down.' : 'It has not run since this host was booted.', error }
  }

  /** Returns why a VM that is not alive ended; null: it never ran in this boot, or ended as it should. */
  async reason({ name }: VmRef): Promise<string | null> {
    const ending = parseEnding(await this.text(this.places.of(name).exit))
    const log = await this.log(name)
    if (ending?.code === 0) return exitReason(ending, log) ?? (await this.said(name))
    // Not begun: it never was in this boot, or the host's part failed.
    if (ending === null && (await readStarted(this.host, this.places.of(name))) === null) return this.said(name)
    return exitReason(await this.withUnit(name, ending ?? { code: null, outOfMemory: false }), log)
  }

  private async said(name: string): Promise<string | null> {
    return (await hostSaid(this.host, name)).join(' ') || null
  }

  /**
   * Adds what systemd knows of its own unit: with cgroups it sees that the kernel killed in it (systemd.exec(5),
   * Result).
   */
  private async withUnit(name: string, ending: Ending): Promise<Ending> {
    if ((await this.host.list('/run/systemd/system')).kind !== 'names') return ending
    const shown = await toolText(this.host, 'systemctl', ['show', '--property=Result', vmUnit(name)])
    return !isUnknown(shown) && shown?.trim() === 'Result=oom-kill' ? { ...ending, outOfMemory: true } : ending
  }

  /** Ends QEMU, the child of the start script, with SIGKILL: for one that does not answer any more. */
  async kill({ name }: VmRef): Promise<void> {
    const started = await readStarted(this.host, this.places.of(name))
    if (started === null || !(await scriptRuns(this.host, this.places.of(name), started))) return
    const { pid } = started
    for (const child of (await this.text(`/proc/${pid}/task/${pid}/children`)).split(' ').map(Number)) {
      if ((await this.text(`/proc/${child}/comm`)).startsWith('qemu'))
        await this.end(child, await this.host.owner(this.places.of(name).run))
    }
  }

  /**
   * Ends the VM's process, as root in the name of the VM's user: that user wrote the process id down, and may have
   * written another's.
   */
  private async end(pid: number, owner: number | null): Promise<void> {
    if (this.host.uid() !== 0 || owner === null || owner === 0) return endProcess(pid)
    const [uid, gid] = [String(owner), String(NO_GROUP)]
    const asUser = ['--reuid', uid, '--regid', gid, '--clear-groups', '--', 'kill', '-KILL', String(pid)]
    const ended = await this.host.run('setpriv', asUser, { expect: 'any' })
    const gone = (await this.host.list(`/proc/${pid}`)).kind !== 'names'
    if (ended?.exitCode !== 0 && !gone) throw cannotEnd(pid, ended?.stderr.trim() ?? 'setpriv is not installed.')
  }

  async lastErrors({ name }: VmRef): Promise<string> {
    return errorLines(await this.log(name)).join('\n')
  }

  private log(name: string): Promise<string> {
    return this.text(this.places.of(name).log)
  }

  async text(path: string): Promise<string> {
    const file = await this.host.read(path)
    return file.kind === 'text' ? file.text : ''
  }
}

function endProcess(pid: number): void {
  try {
    kill(pid, 'SIGKILL')
  } catch (thrown) {
    if (errnoOf(thrown) === 'ESRCH') return
    throw cannotEnd(pid, problemOf(thrown).message)
  }
}

function cannotEnd(pid: number, why: string): ProblemError {
  return new ProblemError('permission', `QEMU (process ${pid}) cannot be ended: ${why}`, {
    hint: 'It may belong to another user; end it as root.',
  })
}
