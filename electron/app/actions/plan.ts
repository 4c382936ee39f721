import { userOf } from '#core/steps/bind/bind-plan.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { accountOf } from '#shared/plan/account-of.ts'
import { changeText } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { takenBackText, type Undone } from '#shared/plan/undone.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { holdsDevices } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { withImages } from '../chosen-images.ts'
import type { Engine } from '../engine.ts'
import type { UndoWhat } from '../privilege/helper-client.ts'
import { assertFree } from '../session/roster.ts'
import type { SavedState } from '../session/saved-state.ts'
import { cardsChosen, followed, withCard } from './chosen-cards.ts'
import { namesOf } from './vm-names.ts'

/** What a front end asks to be taken back; of a step, what concerns the selected VM and what all share. */
export type UndoAsked = Exclude<UndoWhat, { kind: 'step' }> | { kind: 'step'; step: StepId }

/** Loads what was remembered, looks at the host, and takes up where a reboot interrupted. */
export async function open(engine: Engine): Promise<void> {
  await engine.exclusively(null, async () => {
    await engine.load()
    await engine.refresh()
    await resume(engine)
  })
}

async function resume(engine: Engine): Promise<void> {
  const { pending } = engine.state.saved
  // Not rebooted yet: the resting phase says so.
  if (pending === null || pending.boot === engine.facts().host.bootId) return
  await engine.save(() => ({ pending: null }))
  const said = rebootNotice(engine.viewOf(pending.step), pending.after)
  const { notice } = engine.state
  engine.set({ notice: notice === null ? said : `${notice} ${said}`, resumedAt: pending.step })
}

/**
 * Takes choices in. A VM that gets another name keeps the card that it had without being asked; what moved is followed by
 * every VM. Throws `usage` where they give the VM a name that another one has.
 */
export async function choose(engine: Engine, choices: Choices): Promise<void> {
  const former = engine.state.saved.choices.definition.name
  await engine.save((saved) => {
    const { name } = choices.definition
    if (name !== saved.choices.definition.name) assertFree(name, namesOf(engine, saved))
    const chosen = { ...choices, cards: cardsChosen(engine, saved, choices) }
    return {
      choices: name === saved.choices.definition.name ? chosen : withCard(engine, chosen),
      others: saved.others.map((vm) => followed(saved.choices, chosen, vm)),
    }
  })
  const { situation, saved } = engine.state
  if (situation === null) return
  if (saved.choices.definition.name === former)
    engine.evaluate(await withImages(engine.session.host, situation.facts, saved.choices))
  else await engine.refreshVms()
}

/** What an admin says when a plan is to be applied. */
interface Said {
  /** What a dangerous plan asks to be typed. */
  typed: string | null
  /** Of the account in the guest; it goes to the helper and is kept nowhere here. */
  password: string | null
}

/** Applies a plan that was shown, by its id; a plan that is no longer the current one answers `conflict`. */
export async function apply(engine: Engine, planId: string, { typed, password }: Said): Promise<void> {
  const view = engine.state.steps.find((step) => step.plan.id === planId)
  if (view === undefined)
    throw new ProblemError('conflict', 'The host or a choice has changed since this plan was shown.', {
      hint: 'Look at the new plan, then apply it.',
    })
  const { plan } = view
  if (plan.changes.length === 0)
    throw new ProblemError('usage', `Step ${view.number} has nothing to change.`, { hint: view.verdict.text })
  if (plan.confirm !== null && typed !== plan.confirm.type) {
    throw new ProblemError('refused', `${plan.confirm.danger} Type ${plan.confirm.type} to go on.`, {
      hint: 'Nothing was changed.',
    })
  }
  if (password === null && accountOf(plan) !== null)
    throw new ProblemError('refused', 'The disc that answers Windows’ Setup needs the account’s password.', {
      hint: 'Give it above the button, or by --password-file on the command line. Nothing was changed.',
    })
  await engine.exclusively(view.id, () => carryOut(engine, plan, password))
}

/** Has the helper carry a plan out, then looks at what came of it. Within an action. */
async function carryOut(engine: Engine, plan: Plan, password: string | null): Promise<void> {
  const { step, changes } = plan
  if (step === 'bind') await noteConnectors(engine)
  engine.begin({ kind: 'applying', step, done: 0, total: changes.length, text: 'Starting the helper' })
  await engine.session.helper.apply(plan, (event) => engine.progress(event, step), password)
  engine.set({ phase: { kind: 'verifying', step } })
  await engine.refresh()
  if (step === 'definition') await runDryStart(engine)
  if (step === 'bind') await runVfioOpenTest(engine)
  if (plan.rebootNeeded || !rebootLeft(engine)) {
    const pending = pendingAfter(engine, plan)
    await engine.save(() => ({ pending }))
  }
}

/** Saves which monitors are on each card, while a driver of the host can still read that. */
async function noteConnectors(engine: Engine): Promise<void> {
  const { facts, reserved } = engine.situation()
  const seen = reserved.flatMap(({ address, functions }) => {
    const list = functions.flatMap((device) => device.connectors)
    return list.length === 0 ? [] : [{ at: facts.takenAt, address, list }]
  })
  if (seen.length === 0) return
  const others = facts.proofs.connectors.filter(({ address }) => !seen.some((one) => one.address === address))
  await engine.prove({ connectors: [...others, ...seen] })
}

/** Asks QEMU whether it accepts what step 8 wrote. */
async function runDryStart(engine: Engine): Promise<void> {
  const definition = engine.definition()
  if (definition === null) return
  await engine.prove({ dryStart: await engine.session.vm.dryStart(definition, engine.facts()) })
  await engine.refresh()
}

/**
 * Opens each unit that step 5 bound through VFIO once, where this user may and no VM has it; step 6 shows how that went.
 */
async function runVfioOpenTest(engine: Engine): Promise<void> {
  const situation = engine.situation()
  const { facts } = situation
  const free = situation.reserved.filter((unit) => {
    const functions = passedFunctions(unit)
    const spare = functions.every((device) => userOf(situation, device) === null)
    return unit.when !== 'vm' && functions.every(heldByVfio) && spare
  })
  for (const unit of free) {
    const addresses = passedFunctions(unit).map((device) => device.address)
    const proof = await engine.session.vm.openThroughVfio(addresses, facts)
    if (proof === null) continue
    const others = engine
      .facts()
      .proofs.vfioOpen.filter(
        ({ boot, functions }) => boot === facts.host.bootId && !functions.some((one) => addresses.includes(one)),
      )
    await engine.prove({ vfioOpen: [...others, proof] })
  }
  if (free.length > 0) await engine.refresh()
}

function pendingAfter(engine: Engine, plan: Plan): SavedState['pending'] {
  if (!plan.rebootNeeded) return null
  return { step: plan.step, boot: engine.facts().host.bootId, after: 'apply' }
}

/** Returns whether the next boot would start the kernel with other arguments than it runs with. */
function rebootLeft(engine: Engine): boolean {
  const { facts, defaultEntry } = engine.situation()
  return !isUnknown(defaultEntry) && !startedWith(facts.kernel.cmdline, defaultEntry.cmdline)
}

/** Takes changes back, newest first. */
export async function undo(engine: Engine, what: UndoAsked): Promise<Undone> {
  return engine.exclusively(what.kind === 'step' ? what.step : null, async () => {
    // What other VMs are made of stays; "everything" means them too.
    const vm = engine.state.saved.choices.definition.name
    const undone = await rollBack(engine, what.kind === 'step' ? { ...what, vm } : what)
    engine.set({ notice: takenBackText(undone) })
    return undone
  })
}

/** Has the helper take changes back. Within an action. */
export async function rollBack(engine: Engine, what: UndoWhat): Promise<Undone> {
  const step = what.kind === 'step' ? what.step : null
  engine.begin({ kind: 'undoing', step, text: 'Starting the helper' })
  const undone = await engine.session.helper.undo(what, (event) => engine.progress(event, step, true))
  await engine.refresh()
  const boot = engine.facts().host.bootId
  const pending: SavedState['pending'] = rebootLeft(engine) ? { step: 'boot', boot, after: 'undo' } : null
  await engine.save(() => ({ pending }))
  return undone
}

/** Leaves a change as it is that could not be taken back; from then on it counts as the admin's own. */
export async function leave(engine: Engine, tx: string, index: number): Promise<void> {
  await engine.exclusively(null, async () => {
    await engine.session.helper.leave(tx, index)
    await engine.refresh()
    const entry = engine.state.journal.find((one) => one.tx === tx && one.index === index)
    const what = entry === undefined ? '' : `: ${changeText(entry.change)}`
    engine.set({ notice: `Left as it is${what}. Undo does not take it back any more.` })
  })
}

/** Sets a journal aside whose lines bar changes; from then on undo knows nothing of what they say. */
export async function setJournalAside(engine: Engine): Promise<void> {
  await engine.exclusively(null, async () => {
    const notes = await engine.session.helper.setJournalAside()
    await engine.refresh()
    engine.set({ notice: notes.join(' ') })
  })
}

/** Keeps a new network before its time is up. */
export async function confirmNetwork(engine: Engine): Promise<void> {
  await engine.exclusively('network', async () => {
    await engine.session.helper.confirmNetwork()
    await engine.refresh()
    engine.set({ notice: 'The new network is kept.' })
  })
}

/** Looks again with what only root may read of the boot menu; nothing is changed. */
export async function readBootMenu(engine: Engine): Promise<void> {
  await engine.exclusively(null, async () => {
    await engine.session.helper.readClosed()
    await engine.refresh()
  })
}

/** Restarts the host. Refused while a VM is there: its guest would lose its power in the middle of its work. */
export async function reboot(engine: Engine): Promise<void> {
  await engine.exclusively(null, async () => {
    await engine.refreshVms()
    const [one] = engine.state.vms.filter(holdsDevices)
    if (one !== undefined)
      throw new ProblemError('refused', `The VM "${one.name}" is up; a reboot would take its power away.`, {
        hint: 'Shut it down first, then reboot.',
      })
    // Within the action: no VM begins while the password is asked for.
    await engine.session.helper.reboot()
  })
  if (engine.session.host.kind === 'simulated') await open(engine)
}

function rebootNotice(view: StepView, after: 'apply' | 'undo'): string {
  if (after === 'undo') return 'The host was rebooted and runs without the arguments of step 3 again.'
  const { status, text } = view.verdict
  if (status === 'ok') return `The host was rebooted, and step ${view.number} is proven: ${text}`
  return `The host was rebooted, but step ${view.number} did not take effect: ${text}`
}

/** Returns whether the running kernel got exactly the arguments of an entry; loaders put BOOT_IMAGE in front. */
function startedWith(running: string, entry: string): boolean {
  const own = parseKernelArgs(running).filter((token) => !/^(BOOT_IMAGE|initrd)=/u.test(token))
  return own.join(' ') === parseKernelArgs(entry).join(' ')
}
