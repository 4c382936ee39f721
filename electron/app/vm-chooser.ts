import { choicesOf } from '#core/definition/choices-of.ts'
import { savedVm } from '#core/definition/definition.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { vmOfChange } from '#shared/plan/vm-of-change.ts'
import type { GuestReport } from '#shared/vm/guest-report.ts'
import { holdsDevices, type VmEntry, type VmStatus } from '#shared/vm/vm.ts'
import { type KnownVm, knownVms, statusIn } from './session/known-vms.ts'
import { addVm, assertFree, forgetVm, freshVm, type Roster, rosterNames, selectVm } from './session/roster.ts'
import type { SavedState } from './session/state-store.ts'
import { Wizard } from './wizard.ts'

/** Which of several VMs the wizard is about. The card and everything before step 7 are the same for all. */
export class VmChooser extends Wizard {
  selectedVm(): string {
    return this.state.saved.choices.definition.name
  }

  /** What is known of a VM. Throws `not-found`. */
  entryOf(name: string): VmEntry {
    const found = this.state.vms.find((entry) => entry.name === name)
    if (found !== undefined) return found
    throw this.noSuchVm(name)
  }

  /** The state of a VM; null: it is the selected one, and there is none yet. */
  statusOf(name: string): VmStatus | null {
    return name === this.selectedVm() ? this.state.vm : statusIn(this.entryOf(name))
  }

  /** What its guest reported last; null: nothing yet. */
  reportOf(name: string): GuestReport | null {
    const { proofs, others } = this.state.saved
    if (name === this.selectedVm()) return proofs.guestReport
    return others.find(({ definition }) => definition.name === name)?.proofs.guestReport ?? null
  }

  /** Turns the wizard to another VM; one that is only defined on this host is taken in with the choices that led to it. */
  async selectVm(name: string): Promise<void> {
    if (name === this.selectedVm()) return
    await this.exclusively(null, () => this.turnTo((saved) => selectVm(this.withFound(saved, name), name)))
  }

  /** Adds a VM with nothing chosen yet, and turns to it. Throws `usage` where its name is taken. */
  async addVm(name: string): Promise<void> {
    await this.exclusively(null, () =>
      this.turnTo((saved) => {
        assertFree(name, this.namesOf(saved))
        return selectVm(addVm(saved, freshVm(name)), name)
      }),
    )
  }

  private async turnTo(next: (saved: SavedState) => Roster): Promise<void> {
    await this.save(next)
    const { facts, saved, selectionEpoch } = this.state
    if (facts === null) return
    this.state = { ...this.state, facts: { ...facts, proofs: saved.proofs }, selectionEpoch: selectionEpoch + 1 }
    this.showVms(await this.askVms(facts))
  }

  private withFound(saved: SavedState, name: string): Roster {
    const definition = rosterNames(saved).includes(name) ? null : savedVm(this.mustHaveFacts(), name)
    return definition === null ? saved : addVm(saved, choicesOf({ ...definition, name }))
  }

  /**
   * Takes back what step 8 wrote for a VM that is not selected, and drops what was chosen for it and what it proved.
   * Throws `usage` for the selected one, `refused` while it is up.
   */
  async forgetVm(name: string): Promise<void> {
    await this.exclusively('definition', async () => {
      this.showVms(await this.askVms(this.mustHaveFacts()))
      const { configured } = this.forgettable(name)
      const notes = this.hasFiles(name) ? await this.rollBack({ kind: 'step', step: 'definition', vm: name }) : []
      if (configured) await this.save((saved) => forgetVm(saved, name))
      await this.look()
      this.set({ notice: [`The VM "${name}" is forgotten.`, ...notes].join(' ') })
    })
  }

  private forgettable(name: string): KnownVm {
    if (name === this.selectedVm()) forgetVm(this.state.saved, name)
    const vm = this.knownVm(name)
    const entry = this.state.vms.find((candidate) => candidate.name === name)
    if (entry !== undefined && holdsDevices(entry))
      throw new ProblemError('refused', `The VM "${name}" is up and cannot be forgotten.`, {
        hint: 'Shut it down first.',
      })
    if (entry?.state === 'unknown')
      throw new ProblemError('refused', `Whether the VM "${name}" is up is not known.`, { hint: entry.detail })
    if (vm.configured || this.hasFiles(name)) return vm
    throw new ProblemError(
      'refused',
      `Nothing was written for the VM "${name}" by this program, as far as its journal goes.`,
      {
        hint: `Remove its directory below /var/lib/passthrough-studio/vms yourself if nobody needs it.`,
      },
    )
  }

  /** Whether step 8 has changes in force that are this VM's own. */
  private hasFiles(name: string): boolean {
    return this.state.journal.some(({ change, reverted }) => reverted === null && vmOfChange(change) === name)
  }

  protected knownVm(name: string): KnownVm {
    const found = knownVms(this.state.saved, this.mustHaveFacts()).find((vm) => vm.name === name)
    if (found !== undefined) return found
    throw this.noSuchVm(name)
  }

  private noSuchVm(name: string): ProblemError {
    const names = this.namesOf(this.state.saved).join(', ')
    return new ProblemError('not-found', `There is no VM "${name}".`, { hint: `Known on this host: ${names}.` })
  }
}
