import { isDeepStrictEqual } from 'node:util'
import { ProblemError } from '#shared/base/problem.ts'
import type { VmDisc } from '#shared/vm/disc.ts'
import { holdsDevices, type VmDefinition, type VmRef } from '#shared/vm/vm.ts'
import { startBlocker } from '#shared/wizard/finding.ts'
import type { Engine } from '../engine.ts'
import { withChanges } from '../start-failure.ts'
import { knownVm, selectedName } from './vm-names.ts'
import { selectVm } from './vms.ts'

/**
 * Starts a VM, which is then the selected one: gates on a fresh look, then QEMU; the proof guest reports at once. One
 * whose QEMU only waits has what it needs, and goes on. `looked`: the look that this program has just had is fresh.
 */
export async function startVm(engine: Engine, name: string, looked: boolean): Promise<void> {
  await selectVm(engine, name)
  await engine.exclusively('launch', async () => {
    if (!looked) await engine.refresh()
    const definition = engine.state.vm?.resumable === true ? await asStarted(engine) : startable(engine)
    working(engine, 0, 2, `Starting "${definition.name}"`)
    await engine.imageReads.ended()
    const note = await engine.waiting.during(name, engine.session.vm.start(definition)).catch((thrown: unknown) => {
      throw withChanges(thrown, engine.state.health)
    })
    if (note !== null) engine.set({ notice: note })
    await engine.refreshVms()
    if (definition.profile === 'proof-guest' && !engine.waiting.wasForcedOff(definition.name))
      await awaitReport(engine, definition)
    else await engine.refresh()
  })
}

/** Asks a running guest what it sees of its card. */
export async function proveVm(engine: Engine): Promise<void> {
  await engine.exclusively('launch', async () => awaitReport(engine, await asStarted(engine)))
}

function working(engine: Engine, done: number, total: number, text: string): void {
  engine.set({ phase: { kind: 'applying', step: 'launch', done, total, text } })
}

async function awaitReport(engine: Engine, definition: VmDefinition): Promise<void> {
  working(engine, 1, 2, 'Waiting for the guest to report its card')
  const asked = engine.session.vm.report(definition, engine.facts())
  const report = await engine.waiting.during(definition.name, asked)
  if (report === null && engine.waiting.wasForcedOff(definition.name)) return engine.refresh()
  if (report === null)
    throw new ProblemError('agent', 'The guest did not report what it sees.', {
      hint: 'Its serial log is kept beside the VM’s sockets.',
    })
  await engine.prove({ guestReport: report })
  await engine.refresh()
}

function startable(engine: Engine): VmDefinition {
  const blocker = startBlocker(engine.viewOf('launch').findings)
  if (blocker !== null)
    throw new ProblemError('refused', blocker.text, { hint: blocker.fix?.text ?? 'Step 9 says more.' })
  return engine.mustHaveDefinition()
}

/** Asks a guest to shut down; `guest-stays` when it does not do so in time. It may still be forced off meanwhile. */
export async function shutDownVm(engine: Engine, name: string): Promise<void> {
  await engine.exclusively('launch', async () => {
    const vm = await vmRef(engine, name)
    working(engine, 0, 1, `Waiting for the guest of "${name}" to shut down`)
    const vms = engine.state.vms.map((entry) =>
      entry.name === name ? { ...entry, state: 'stopping' as const } : entry,
    )
    engine.takeVms({ ...engine.state, vms })
    const done = await engine.waiting.during(name, engine.session.vm.shutDown(vm))
    await engine.refresh()
    if (done === false) throw guestStays(engine, name)
  })
}

function guestStays(engine: Engine, name: string): ProblemError {
  const hint =
    'It may be asking something on its screen, or install updates. Wait and ask again, or force it off: then what it has not written is lost.'
  if (name === selectedName(engine))
    return new ProblemError('guest-stays', 'The guest did not shut down in time.', { hint })
  return new ProblemError('vm-failed', `The guest of "${name}" did not shut down in time.`, { hint })
}

/** Ends a VM at once, also while it is waited for. */
export async function forceOffVm(engine: Engine, name: string): Promise<void> {
  if (engine.waiting.isFor(name)) {
    engine.waiting.noteForcedOff(name)
    return engine.session.vm.forceOff(await vmRef(engine, name))
  }
  await engine.exclusively('launch', async () => {
    await engine.session.vm.forceOff(await vmRef(engine, name))
    await engine.refresh()
  })
}

/** Starts the guest over without asking it. */
export async function resetVm(engine: Engine, name: string): Promise<void> {
  await engine.exclusively('launch', async () => {
    await engine.session.vm.reset(await vmRef(engine, name))
    await engine.refreshVms()
  })
}

/** Returns what lies in the drives of a VM; nothing while it is off. */
export async function discsOf(engine: Engine, name: string): Promise<VmDisc[]> {
  const running = await engine.session.vm.startedAs(name)
  return running === null ? [] : engine.session.vm.discs(running)
}

/** Puts a disc into a drive of a VM that is up, or takes it out. */
export async function changeDisc(engine: Engine, name: string, disc: VmDisc): Promise<void> {
  await engine.exclusively('launch', async () => engine.session.vm.changeDisc(await vmRef(engine, name), disc))
}

/**
 * Returns a VM to be asked or ended. Throws `no-definition` while the selected one is not there yet, and `not-found`.
 */
async function vmRef(engine: Engine, name: string): Promise<VmRef> {
  const running = await engine.session.vm.startedAs(name)
  if (running !== null) return running
  return name === selectedName(engine) ? engine.mustHaveDefinition() : knownVm(engine, name)
}

/** Returns the selected VM as it was started; what was chosen or written since is for its next start. */
export async function asStarted(engine: Engine): Promise<VmDefinition> {
  return (await engine.session.vm.startedAs(selectedName(engine))) ?? engine.mustHaveDefinition()
}

/** Watches the VMs, so that a VM's state is read when something happens to it, not when somebody asks. */
export function watchVms(engine: Engine): void {
  engine.watchVms(() => pollVms(engine))
}

/** Asks every VM for its state unless each would be heard of. */
export async function pollUnheardVms(engine: Engine): Promise<void> {
  const unheard = engine.state.vms.some((vm) => !engine.session.vm.hears(vm.name, holdsDevices(vm)))
  if (unheard) await pollVms(engine)
}

/** Asks every VM for its state; an action that is under way looks by itself. */
export async function pollVms(engine: Engine): Promise<void> {
  if (engine.state.situation === null || engine.busy) return
  const asked = await engine.askVms(engine.situation())
  // An action that began meanwhile knows better.
  const { vms, running } = engine.state
  if (idle(engine) && !isDeepStrictEqual(asked, { vms, running })) engine.takeVms(asked)
}

function idle(engine: Engine): boolean {
  return !engine.busy
}
