import { ProblemError } from '#shared/base/problem.ts'
import { NO_VM_PROOFS, type Proofs, type VmProofs } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { SavedVm } from '#shared/wizard/saved-vm.ts'
import type { SavedState } from './saved-state.ts'

/** The VMs of a saved state: the selected one, whose choices the wizard shows, and the others. */
export type Roster = Pick<SavedState, 'choices' | 'proofs' | 'others'>

/** Names of all VMs; no two are the same. */
export function rosterNames({ choices, others }: Roster): string[] {
  return [choices.definition.name, ...others.map(({ definition }) => definition.name)]
}

/** Returns the selected VM as it is kept while another one is. */
export function savedVmOf({ choices, proofs }: Pick<Roster, 'choices' | 'proofs'>): SavedVm {
  const { definition, network, launch } = choices
  return { definition, network, launch, proofs: ofVm(proofs) }
}

/** Selects another VM; the one that was takes its place. Throws `not-found`. */
export function selectVm(roster: Roster, name: string): Roster {
  if (roster.choices.definition.name === name) return roster
  const { definition, network, launch, proofs } = known(roster, name)
  return {
    choices: { ...roster.choices, definition, network, launch },
    proofs: { ...ofCard(roster.proofs), ...proofs },
    others: roster.others.map((kept) => (kept.definition.name === name ? savedVmOf(roster) : kept)),
  }
}

/** Takes a VM in, without selecting it. Throws `usage` where its name is taken. */
export function addVm(roster: Roster, kept: SavedVm): Roster {
  assertFree(kept.definition.name, rosterNames(roster))
  return { ...roster, others: [...roster.others, kept] }
}

/** Returns a VM for which nothing was chosen yet but its cards; null: not these either. */
export function freshVm(name: string, cards: string[] | null = null): SavedVm {
  const { definition, network, launch } = DEFAULT_CHOICES
  return { definition: { ...definition, name, cards }, network, launch, proofs: NO_VM_PROOFS }
}

/** Drops what was chosen for a VM and what it proved. Throws `usage` for the selected one, so one always stays. */
export function forgetVm(roster: Roster, name: string): Roster {
  if (roster.choices.definition.name === name)
    throw new ProblemError('usage', `The VM "${name}" is selected and cannot be forgotten.`, {
      hint: 'Select another VM first; the last one stays.',
    })
  known(roster, name)
  return { ...roster, others: roster.others.filter(({ definition }) => definition.name !== name) }
}

/** Refuses a name that another VM has. */
export function assertFree(name: string, taken: readonly string[]): void {
  if (!taken.includes(name)) return
  throw new ProblemError('usage', `Another VM is called "${name}" already.`, {
    hint: 'Choose another name, or select that VM at the top of step 8.',
  })
}

function known({ others }: Roster, name: string): SavedVm {
  const found = others.find(({ definition }) => definition.name === name)
  if (found !== undefined) return found
  throw new ProblemError('not-found', `There is no VM "${name}".`, { hint: '"vm list" names those there are.' })
}

function ofVm({ dryStart, guestReport, baseline }: Proofs): VmProofs {
  return { dryStart, guestReport, baseline }
}

function ofCard({ vfioOpen, connectors }: Proofs): Pick<Proofs, 'vfioOpen' | 'connectors'> {
  return { vfioOpen, connectors }
}
