import { choicesFrom } from '#core/definition/choices-of.ts'
import { unitWith } from '#core/units/reservation.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { NOTHING_UNDONE, takenBackText } from '#shared/plan/undone.ts'
import { vmOfChange } from '#shared/plan/vm-of-change.ts'
import { holdsDevices } from '#shared/vm/vm.ts'
import type { Engine } from '../engine.ts'
import type { KnownVm } from '../session/known-vms.ts'
import {
  addVm as added,
  assertFree,
  forgetVm as without,
  freshVm,
  type Roster,
  rosterNames,
  selectVm as selected,
} from '../session/roster.ts'
import type { SavedState } from '../session/saved-state.ts'
import { rollBack } from './plan.ts'
import { knownVm, namesOf, selectedName } from './vm-names.ts'

/** Turns the wizard to another VM; one that is only defined on this host is taken in with the choices that led to it. */
export async function selectVm(engine: Engine, name: string): Promise<void> {
  if (name === selectedName(engine)) return
  await engine.exclusively(null, () => turnTo(engine, (saved) => selected(withFound(engine, saved, name), name)))
}

/**
 * Adds a VM with nothing chosen yet but the card at `card`, and turns to it; null: its card is decided from what others
 * have. Throws `usage` where its name is taken, `refused` where no such card is reserved.
 */
export async function addVm(engine: Engine, name: string, card: string | null = null): Promise<void> {
  const cards = card === null ? null : [reservedCard(engine, card)]
  await engine.exclusively(null, () =>
    turnTo(engine, (saved) => {
      assertFree(name, namesOf(engine, saved))
      return selected(added(saved, freshVm(name, cards)), name)
    }),
  )
}

/** Returns the address that the reserved card with a function at `address` is named after. */
function reservedCard(engine: Engine, address: string): string {
  const cards = engine.situation().reserved.filter(({ kind }) => kind === 'card')
  const found = unitWith(cards, address)
  if (found !== null) return found.address
  const there = cards.map((unit) => shortAddress(unit.address)).join(', ')
  throw new ProblemError('refused', `No card at ${shortAddress(address)} is reserved for VMs.`, {
    hint: `Reserve it in step 4 first. Reserved ${there === '' ? 'is none' : `now: ${there}`}.`,
  })
}

async function turnTo(engine: Engine, next: (saved: SavedState) => Roster): Promise<void> {
  await engine.save(next)
  const { situation, selectionEpoch } = engine.state
  if (situation === null) return
  engine.set({ selectionEpoch: selectionEpoch + 1 })
  await engine.refreshVms()
}

function withFound(engine: Engine, saved: SavedState, name: string): Roster {
  const definition = rosterNames(saved).includes(name) ? undefined : engine.situation().written.get(name)
  return definition === undefined ? saved : added(saved, choicesFrom({ ...definition, name }))
}

/**
 * Takes back what step 8 wrote for a VM that is not selected, and drops what was chosen for it and what it proved.
 * Throws `usage` for the selected one, `refused` while it is up.
 */
export async function forgetVm(engine: Engine, name: string): Promise<void> {
  await engine.exclusively('definition', async () => {
    await engine.refreshVms()
    const { configured } = forgettable(engine, name)
    const what = { kind: 'step', step: 'definition', vm: name } as const
    const undone = hasFiles(engine, name) ? await rollBack(engine, what) : NOTHING_UNDONE
    const gone = undone.left.length === 0
    if (configured && gone) await engine.save((saved) => without(saved, name))
    await engine.refresh()
    engine.set({ notice: gone ? [`The VM "${name}" is forgotten.`, ...undone.notes].join(' ') : takenBackText(undone) })
  })
}

function forgettable(engine: Engine, name: string): KnownVm {
  if (name === selectedName(engine)) without(engine.state.saved, name)
  const vm = knownVm(engine, name)
  const entry = engine.state.vms.find((candidate) => candidate.name === name)
  if (entry !== undefined && holdsDevices(entry))
    throw new ProblemError('refused', `The VM "${name}" is up and cannot be forgotten.`, {
      hint: 'Shut it down first.',
    })
  if (entry?.state === 'unknown')
    throw new ProblemError('refused', `Whether the VM "${name}" is up is not known.`, { hint: entry.detail })
  if (vm.configured || hasFiles(engine, name)) return vm
  throw new ProblemError(
    'refused',
    `Nothing was written for the VM "${name}" by this program, as far as its journal goes.`,
    { hint: `Remove its directory below /var/lib/passthrough-studio/vms yourself if nobody needs it.` },
  )
}

/** Returns whether step 8 has changes in force that are this VM's own. */
function hasFiles(engine: Engine, name: string): boolean {
  return engine.state.journal.some(({ change, reverted }) => reverted === null && vmOfChange(change) === name)
}
