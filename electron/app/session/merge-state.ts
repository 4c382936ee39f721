import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { proofs } from '#shared/facts/proofs.ts'
import { choices } from '#shared/wizard/choices.ts'
import { savedVm } from '#shared/wizard/saved-vm.ts'
import { savedVmOf } from './roster.ts'
import { pendingReboot, type SavedState } from './saved-state.ts'

/**
 * A state by what belongs together: what is selected says nothing of whose choices those of steps 7 to 9 are, so two
 * programs that have different VMs selected must not meet in the same fields.
 */
const parts = z.strictObject({
  selected: z.string(),
  pending: pendingReboot.nullable(),
  /** Address, identity and companions are one choice. */
  cards: choices.shape.cards,
  shared: choices.omit({ cards: true, definition: true, network: true, launch: true }),
  proofs: proofs.pick({ vfioOpen: true, connectors: true }),
  vms: z.record(z.string(), savedVm),
})
type Parts = z.infer<typeof parts>

/** How many levels below a part are told apart; what lies deeper is one value. */
const DEPTH: Readonly<Record<keyof Parts, number>> = {
  selected: 0,
  pending: 0,
  cards: 0,
  shared: 2,
  proofs: 1,
  vms: 3,
}

/**
 * What becomes of a state that two programs have changed since both had `base`: whatever differs from it in `mine` is
 * taken, the rest is as it is in `theirs`.
 */
export function mergeStates(base: SavedState, mine: SavedState, theirs: SavedState): SavedState {
  const [was, is, other] = [partsOf(base), partsOf(mine), partsOf(theirs)]
  const merged = Object.entries(DEPTH).map(([name, depth]) => [
    name,
    merge(part(was, name), part(is, name), part(other, name), depth),
  ])
  return stateOf(parts.parse(Object.fromEntries(merged)), theirs)
}

function partsOf(state: SavedState): unknown {
  const { platform, kernel, boot, bind, verify, cards, definition } = state.choices
  const vms = [savedVmOf(state), ...state.others].map((vm) => [vm.definition.name, vm])
  const { vfioOpen, connectors } = state.proofs
  const all = {
    selected: definition.name,
    pending: state.pending,
    cards,
    shared: { platform, kernel, boot, bind, verify },
    proofs: { vfioOpen, connectors },
    vms: Object.fromEntries(vms) as unknown,
  }
  // As it would come back from a file: there a field that is undefined is no field.
  return JSON.parse(JSON.stringify(all))
}

function part(of: unknown, name: string): unknown {
  return isRecord(of) ? of[name] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function merge(base: unknown, mine: unknown, theirs: unknown, depth: number): unknown {
  if (isDeepStrictEqual(mine, base)) return theirs
  if (isDeepStrictEqual(theirs, base) || depth === 0 || !isRecord(mine) || !isRecord(theirs)) return mine
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  const merged = [...names].map((name) => [name, merge(part(base, name), mine[name], theirs[name], depth - 1)] as const)
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}

/** The VMs in the order they have in `former`, and new ones after those. */
function stateOf({ selected, pending, cards, shared, proofs: ofCard, vms }: Parts, former: SavedState): SavedState {
  const order = [former.choices.definition.name, ...former.others.map(({ definition }) => definition.name)]
  const names = [...new Set([...order, ...Object.keys(vms)])].filter((name) => vms[name] !== undefined)
  // Whoever was selected may have been forgotten by the other program.
  const first = vms[selected] === undefined ? names[0] : selected
  const vm = first === undefined ? savedVmOf(former) : (vms[first] ?? savedVmOf(former))
  const { definition, network, launch } = vm
  return {
    version: 1,
    choices: { ...shared, cards, definition, network, launch },
    proofs: { ...ofCard, ...vm.proofs },
    others: names.filter((name) => name !== first).flatMap((name) => vms[name] ?? []),
    pending,
  }
}
