import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '#host/host.ts'
import { startUnit, unitFailure } from '#host/probe/start-unit.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { GuestReport } from '#shared/facts/guest-report.ts'
import type { Proofs, VfioOpen } from '#shared/facts/proofs.ts'
import type { VmDisc } from '#shared/vm/disc.ts'
import { type VmDefinition, vmPaths, type VmRef, type VmStatus } from '#shared/vm/vm.ts'
import type { VmDriver } from '../driver.ts'
import { guestProof } from '../guest/guest-proof.ts'
import { type QmpClient, withQmp } from '../qmp/client.ts'
import { statusAnswer } from '../qmp/messages.ts'
import { ImageSnapshots } from '../snapshots/image-snapshots.ts'
import type { VmSnapshots } from '../snapshots/snapshots.ts'
import { VmBell } from './bell.ts'
import { changeDisc, discsOf } from './discs.ts'
import { dryStart } from './dry-start.ts'
import { VmProcess } from './life.ts'
import { type Places, VmPlaces } from './places.ts'
import { type ConsoleEndpoint, screenOf } from './screen.ts'
import { tellUntil } from './serial-line.ts'
import { startedAs } from './started-as.ts'
import { usageOf } from './usage.ts'
import { openThroughVfio } from './vfio-open-test.ts'
import { canResume, NO_LONGER_ANSWERS, NOT_OURS, sayStatus, WAITS_FOR_VIEWER } from './words.ts'

// Pinning the memory of a large guest takes minutes on a slow machine.
const START_LIMIT_MS = 300_000
const SHUTDOWN_LIMIT_MS = 180_000
const ANSWER_LIMIT_MS = 60_000
/** How long a script may be about its processors before QEMU is let go on by us. */
const PINNING_LIMIT_MS = 90_000
/** A guest that still starts loses what is sent to its serial port; the line is sent again after this long. */
const TELL_AGAIN_MS = 15_000
/** A look must not hang with a QEMU that does. */
const LOOK_LIMIT_MS = 5000
/** How long QEMU may be silent while it begins or ends before that is called trouble. */
const SILENCE_LIMIT_MS = 15_000
const PAUSE_MS = 300
/** QEMU without a card answers within a tenth of a second; asking its socket costs next to nothing. */
const READY_PAUSE_MS = 20

/** Who starts a VM for a user whom no rule lets do that: the privileged helper. */
interface Launcher {
  launch(vm: string): Promise<string[]>
}

/** What this very program did with one VM, and saw of it. */
interface Memory {
  /** Why the last start failed; null: it did not. */
  failure: string | null
  starting: boolean
  /** Since when its QEMU says nothing, in milliseconds since 1970; null: it answers, or is gone. */
  silentSince: number | null
}

/** Starts, asks and stops real VMs. QEMU is no child of ours: it outlives the app and is found again by its socket. */
export class VmSupervisor implements VmDriver {
  readonly snapshots: VmSnapshots
  private readonly host: Host
  private readonly launcher: Launcher
  private readonly life: VmProcess
  private readonly places: Places
  private readonly memories = new Map<string, Memory>()
  private bell: VmBell | null = null

  constructor(host: Host, launcher: Launcher, places: Places = new VmPlaces(host)) {
    this.host = host
    this.launcher = launcher
    this.places = places
    this.life = new VmProcess(host, LOOK_LIMIT_MS, places)
    const isOn = async (definition: VmDefinition) => (await this.life.probe(definition)).running
    this.snapshots = new ImageSnapshots({ host, isOn })
  }

  private memoryOf({ name }: VmRef): Memory {
    const memory = this.memories.get(name) ?? { failure: null, starting: false, silentSince: null }
    this.memories.set(name, memory)
    return memory
  }

  async start(definition: VmDefinition): Promise<string | null> {
    const memory = this.memoryOf(definition)
    const { qmpStatus, running } = await this.life.probe(definition)
    if (running && !canResume(qmpStatus))
      throw new ProblemError('vm-running', `The VM "${definition.name}" runs already.`, {
        hint: 'Shut it down first, or open its screen.',
      })
    Object.assign(memory, { failure: null, starting: true })
    try {
      // One that waits was started before: by somebody who did not come to the end, or it was stopped since.
      const notes = running ? [] : await this.launch(definition.name)
      const waits = await this.untilLetRun(definition, running)
      const own = await this.life.text(this.places.of(definition.name).notes)
      return [...notes, ...(own === '' ? [] : [own.trim()]), ...(waits ? [WAITS_FOR_VIEWER] : [])].join(' ') || null
    } catch (thrown) {
      memory.failure = problemOf(thrown).message
      throw thrown
    } finally {
      memory.starting = false
    }
  }

  /** As the user where a rule lets them; the helper asks for a password. */
  private async launch(name: string): Promise<string[]> {
    if ((await this.host.read(vmPaths(name).unit)).kind !== 'text') return this.launcher.launch(name)
    const started = await startUnit(this.host, name)
    if (started.kind === 'closed') return this.launcher.launch(name)
    if (started.kind === 'started') return started.notes
    throw unitFailure(name, started.why)
  }

  /**
   * Waits until the guest runs: its script lets it go on once its processors are pinned; one that stays is told to. Returns
   * whether it waits for a viewer instead, which one that is resumed (`now`) does not.
   */
  private async untilLetRun(definition: VmDefinition, now: boolean): Promise<boolean> {
    const places = this.places.of(definition.name)
    const [deadline, patience] = [Date.now() + START_LIMIT_MS, Date.now() + PINNING_LIMIT_MS]
    for (;;) {
      try {
        const waits = await this.life.waits(places)
        const begun = now && waits ? 0 : patience
        const says = await withQmp(places.qmp, ANSWER_LIMIT_MS, (client) => goOn(client, begun))
        if (says === 'running') return false
        if (says === 'prelaunch' && waits && !now) return true
      } catch (thrown) {
        await this.unlessOver(definition, deadline, thrown)
      }
      await sleep(READY_PAUSE_MS)
    }
  }

  /** Throws where a VM that does not answer has ended, or had its time. */
  private async unlessOver(definition: VmDefinition, deadline: number, thrown: unknown): Promise<void> {
    const late = Date.now() > deadline
    const running = async () => (await this.life.probe(definition)).running
    // While it comes up nothing more is asked: systemd's answer would cost what is waited for its processor.
    if (!late && (await running())) return
    const [words, ended] = await Promise.all([this.life.lastErrors(definition), this.life.reason(definition)])
    // What QEMU says while it is there may be a warning, and a script that has just begun has noted no end yet.
    const over = (words !== '' || ended !== null) && !(await running())
    if (over || late) throw startFailure(words || (ended ?? ''), thrown)
  }

  async shutDown(vm: VmRef): Promise<boolean> {
    await withQmp(this.places.of(vm.name).qmp, ANSWER_LIMIT_MS, (client) => client.command('system_powerdown'))
    if (vm.profile !== 'proof-guest') return this.waitForEnd(vm, SHUTDOWN_LIMIT_MS)
    // It has no ear for the power button, only for its serial port.
    const times = { againMs: TELL_AGAIN_MS, limitMs: SHUTDOWN_LIMIT_MS }
    return tellUntil(this.places.of(vm.name).serial, 'poweroff', times, (limitMs) => this.waitForEnd(vm, limitMs))
  }

  /** Has QEMU quit; one that does not answer, or does not end, is killed. */
  async forceOff(vm: VmRef): Promise<void> {
    await this.life.noteForced(vm)
    if ((await this.quits(vm)) && (await this.waitForEnd(vm, SILENCE_LIMIT_MS))) return
    await this.life.kill(vm)
    if (!(await this.waitForEnd(vm, SILENCE_LIMIT_MS)))
      throw new ProblemError('vm-failed', 'QEMU did not end although it was killed.', {
        hint: 'A device may keep it in the kernel; then only a reboot helps.',
      })
  }

  async reset({ name }: VmRef): Promise<void> {
    await withQmp(this.places.of(name).qmp, ANSWER_LIMIT_MS, (client) => client.command('system_reset'))
  }

  discs({ name }: VmRef): Promise<VmDisc[]> {
    return discsOf(this.places.of(name))
  }

  changeDisc({ name }: VmRef, disc: VmDisc): Promise<void> {
    return changeDisc(this.places.of(name), disc)
  }

  /** Returns whether QEMU heard that it is to quit; one that hangs does not, and one that is gone need not. */
  private async quits({ name }: VmRef): Promise<boolean> {
    try {
      await withQmp(this.places.of(name).qmp, LOOK_LIMIT_MS, (client) => client.command('quit'))
      return true
    } catch (thrown) {
      if (thrown instanceof ProblemError) return false
      throw thrown
    }
  }

  private async waitForEnd(vm: VmRef, limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs
    while (Date.now() < deadline) {
      if (!(await this.life.probe(vm)).running) return true
      await sleep(PAUSE_MS)
    }
    return false
  }

  async status(vm: VmRef): Promise<VmStatus> {
    const { name } = vm
    const memory = this.memoryOf(vm)
    const { qmpStatus, running, inaccessible, since, waits } = await this.life.probe(vm)
    if (inaccessible) return { name, state: 'unknown', since: null, detail: NOT_OURS, error: null, resumable: false }
    if (qmpStatus !== null) {
      memory.silentSince = null
      // A failed start is no news once another went well.
      if (qmpStatus === 'running') memory.failure = null
      return { name, since, ...sayStatus(qmpStatus, { starting: memory.starting, waits }) }
    }
    if (running) return { name, since, resumable: false, ...silent(memory) }
    memory.silentSince = null
    const { detail, error: reason } = await this.life.ended(vm)
    const error = memory.failure ?? reason
    return { name, state: error === null ? 'off' : 'attention', since: null, detail, error, resumable: false }
  }

  startedAs(name: string): Promise<VmDefinition | null> {
    return startedAs(this.host, name)
  }

  report(definition: VmDefinition): Promise<GuestReport | null> {
    return guestProof(definition, {
      agent: this.places.of(definition.name).agent,
      serialLog: () => this.life.text(this.places.of(definition.name).serialLog),
      running: async () => (await this.life.probe(definition)).running,
    })
  }

  dryStart(definition: VmDefinition, facts: Facts): Promise<Proofs['dryStart']> {
    return dryStart(definition, facts)
  }

  openThroughVfio(functions: readonly string[], facts: Facts): Promise<VfioOpen | null> {
    return openThroughVfio(functions, facts)
  }

  listen(names: readonly string[], ring: () => void): void {
    this.bell ??= new VmBell(ring, (name) => this.places.of(name))
    this.bell.listen(names)
  }

  hears(name: string, up: boolean): boolean {
    return this.bell?.hears(name, up) === true
  }

  screen({ name }: VmDefinition): Promise<ConsoleEndpoint> {
    return screenOf(this.places.of(name))
  }

  usage(definition: VmDefinition) {
    return usageOf(definition, this.host, this.places.of(definition.name))
  }
}

/** Lets a guest go on that QEMU has stopped, and one that has not begun from this moment on; returns QEMU's word for it. */
async function goOn(client: QmpClient, begun: number): Promise<string> {
  const { status } = statusAnswer.parse(await client.command('query-status'))
  if (status !== 'running' && (status !== 'prelaunch' || Date.now() > begun)) await client.command('cont')
  return status
}

/** Its start script is there and QEMU says nothing: it begins, it ends, or it hangs. */
function silent(memory: Memory): Pick<VmStatus, 'state' | 'detail' | 'error'> {
  memory.silentSince ??= Date.now()
  const detail = 'QEMU does not answer yet.'
  if (memory.starting) return { state: 'starting', detail, error: null }
  if (Date.now() - memory.silentSince < SILENCE_LIMIT_MS) return { state: 'stopping', detail, error: null }
  return { state: 'attention', detail, error: NO_LONGER_ANSWERS }
}

function startFailure(words: string, thrown: unknown): ProblemError {
  const first = words.split('\n')[0] ?? ''
  const message = first === '' ? `The VM did not start: ${problemOf(thrown).message}` : `QEMU did not start: ${first}`
  return new ProblemError('vm-failed', message, {
    detail: words,
    hint: 'Step 6 shows whether the card is still ready.',
    cause: thrown,
  })
}
