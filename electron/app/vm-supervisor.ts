import { setTimeout as sleep } from 'node:timers/promises'
import type { Facts, Proofs } from '../../shared/facts.ts'
import type { GuestReport } from '../../shared/guest-report.ts'
import { ProblemError, problemOf } from '../../shared/problem.ts'
import { type VmDefinition, type VmStatus, vmPaths } from '../../shared/vm.ts'
import type { Host } from '../host/host.ts'
import { withQmp } from '../qmp/client.ts'
import { qmpStatus } from '../qmp/messages.ts'
import { dryStart } from './dry-start.ts'
import { errorLines, exitReason } from './exit-reason.ts'
import { guestProof } from './guest-proof.ts'
import { openCard } from './open-card.ts'
import type { Helper } from './helper-client.ts'
import { sendLine } from './serial-line.ts'
import type { VmDriver } from './vm-driver.ts'

// Pinning the memory of a large guest takes minutes on a slow machine.
const START_LIMIT_MS = 300_000
const SHUTDOWN_LIMIT_MS = 180_000
const ANSWER_LIMIT_MS = 60_000
const PAUSE_MS = 300

/** Starts, asks and stops a real VM. QEMU is no child of ours: it outlives the app and is found again by its socket. */
export class VmSupervisor implements VmDriver {
  private readonly host: Host
  private readonly helper: Helper
  private failure: string | null = null

  constructor(host: Host, helper: Helper) {
    this.host = host
    this.helper = helper
  }

  async start(definition: VmDefinition): Promise<void> {
    this.failure = null
    if (await this.alive(definition)) throw new ProblemError('vm', `The VM "${definition.name}" runs already.`)
    try {
      await this.helper.launch(definition.name)
      await this.resume(definition)
    } catch (thrown) {
      this.failure = problemOf(thrown).message
      throw thrown
    }
  }

  /** QEMU starts paused; once its control socket answers, everything it was given is in place. */
  private async resume(definition: VmDefinition): Promise<void> {
    const { qmp } = vmPaths(definition.name)
    const deadline = Date.now() + START_LIMIT_MS
    for (;;) {
      try {
        await withQmp(qmp, ANSWER_LIMIT_MS, (client) => client.command('cont'))
        return
      } catch (thrown) {
        const [words, ended] = await Promise.all([this.lastWords(definition), this.ending(definition)])
        if (words !== '' || ended !== null || Date.now() > deadline) throw startFailure(words || (ended ?? ''), thrown)
      }
      await sleep(PAUSE_MS)
    }
  }

  private async lastWords(definition: VmDefinition): Promise<string> {
    return errorLines(await this.log(definition)).join('\n')
  }

  private log(definition: VmDefinition): Promise<string> {
    return this.text(vmPaths(definition.name).log)
  }

  private async text(path: string): Promise<string> {
    const file = await this.host.read(path)
    return file.kind === 'text' ? file.text : ''
  }

  /** Why QEMU ended, from the exit code that start-vm.sh left; null: it runs, never ran, or ended as it should. */
  private async ending(definition: VmDefinition): Promise<string | null> {
    const left = await this.host.read(vmPaths(definition.name).exit)
    return left.kind === 'text' ? exitReason(Number(left.text), await this.log(definition)) : null
  }

  private async alive(definition: VmDefinition): Promise<boolean> {
    const { state } = await this.status(definition)
    return state === 'running' || state === 'starting'
  }

  async shutDown(definition: VmDefinition): Promise<boolean> {
    const paths = vmPaths(definition.name)
    await withQmp(paths.qmp, ANSWER_LIMIT_MS, (client) => client.command('system_powerdown'))
    if (definition.profile === 'proof-guest') await sendLine(paths.serial, 'poweroff', ANSWER_LIMIT_MS)
    return this.waitForEnd(definition)
  }

  async forceOff(definition: VmDefinition): Promise<void> {
    await withQmp(vmPaths(definition.name).qmp, ANSWER_LIMIT_MS, (client) => client.command('quit'))
    if (!(await this.waitForEnd(definition)))
      throw new ProblemError('vm', 'QEMU did not end although it was told to quit.')
  }

  private async waitForEnd(definition: VmDefinition): Promise<boolean> {
    const deadline = Date.now() + SHUTDOWN_LIMIT_MS
    while (Date.now() < deadline) {
      if (!(await this.alive(definition))) return true
      await sleep(PAUSE_MS)
    }
    return false
  }

  async status(definition: VmDefinition): Promise<VmStatus> {
    const { name } = definition
    try {
      const answer = await withQmp(vmPaths(name).qmp, ANSWER_LIMIT_MS, (client) => client.command('query-status'))
      const { status, running } = qmpStatus.parse(answer)
      return {
        name,
        state: running ? 'running' : 'starting',
        since: null,
        detail: `QEMU says: ${status}.`,
        error: null,
      }
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown
      const error = this.failure ?? (await this.ending(definition))
      return { name, state: error === null ? 'off' : 'attention', since: null, detail: 'The VM is off.', error }
    }
  }

  report(definition: VmDefinition): Promise<GuestReport | null> {
    return guestProof(definition, {
      serialLog: () => this.text(vmPaths(definition.name).serialLog),
      running: async () => (await this.status(definition)).state === 'running',
    })
  }

  dryStart(definition: VmDefinition, facts: Facts): Promise<Proofs['dryStart']> {
    return dryStart(definition, facts)
  }

  openCard(functions: readonly string[], facts: Facts): Promise<Proofs['cardOpened']> {
    return openCard(functions, facts)
  }
}

function startFailure(words: string, thrown: unknown): ProblemError {
  const first = words.split('\n')[0] ?? ''
  const message = first === '' ? `The VM did not start: ${problemOf(thrown).message}` : `QEMU did not start: ${first}`
  return new ProblemError('vm', message, {
    detail: words,
    hint: 'Step 6 shows whether the card is still ready.',
    cause: thrown,
  })
}
