import type { WrittenVms } from '#core/definition/written.ts'
import type { Situation } from '#core/situation.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Health } from '#shared/ipc/health.ts'
import type { Phase } from '#shared/ipc/phase.ts'
import type { RunLog } from '#shared/ipc/progress.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { VmDefinition, VmEntry, VmStatus } from '#shared/vm/vm.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { statusIn } from './session/known-vms.ts'
import { FRESH_STATE, type SavedState } from './session/saved-state.ts'

/** What a front end can read of a Studio at any moment. */
export interface StudioState {
  phase: Phase
  /** Null before the first look, as `facts`, which are the situation's. */
  situation: Situation | null
  facts: Facts | null
  steps: readonly StepView[]
  journal: readonly JournalEntry[]
  /** What is wrong with the journal, if anything. */
  journalTroubles: readonly Finding[]
  health: Health | null
  saved: SavedState
  /** The selected VM; null: there is none to be driven yet. */
  vm: VmStatus | null
  /** All VMs of this host, by name. */
  vms: readonly VmEntry[]
  /** Those that are up, as they were started. */
  running: WrittenVms
  /** Grows whenever another VM is selected. */
  selectionEpoch: number
  notice: string | null
  resumedAt: StepId | null
  /** What the helper says in the action under way, or said in the last one. */
  log: RunLog
}

export const BLANK_STATE: StudioState = {
  phase: { kind: 'checking', step: null },
  situation: null,
  facts: null,
  steps: [],
  journal: [],
  journalTroubles: [],
  health: null,
  saved: FRESH_STATE,
  vm: null,
  vms: [],
  running: new Map(),
  selectionEpoch: 0,
  notice: null,
  resumedAt: null,
  log: { run: 0, first: 0, lines: [] },
}

/** Returns the phase while nothing is under way. */
export function restingPhase(state: StudioState): Phase {
  const { steps } = state
  const due = dueReboot(state)
  if (due !== null) return { kind: 'needs-reboot', ...due }
  const done = steps.length > 0 && steps.every((step) => step.verdict.status === 'ok')
  return done ? { kind: 'done' } : { kind: 'ready' }
}

/** A reboot that this program remembers, or that somebody else's step waits for: made in this boot, and not proven yet. */
function dueReboot({ saved, steps, facts, journal }: StudioState): SavedState['pending'] {
  const boot = facts?.host.bootId
  if (boot === undefined) return null
  if (saved.pending?.boot === boot) return saved.pending
  const waiting = steps.filter(({ verdict }) => verdict.status === 'after-reboot').map(({ id }) => id)
  const made = journal.findLast(
    (entry) => entry.reverted === null && entry.boot === boot && waiting.includes(entry.step),
  )
  return made === undefined ? null : { step: made.step, boot, after: 'apply' }
}

export function selectedVm(vms: readonly VmEntry[]): VmStatus | null {
  const entry = vms.find(({ selected }) => selected)
  return entry === undefined ? null : statusIn(entry)
}

/** Returns the VM the choices lead to; one that was written and that they no longer lead to can still be driven. */
export function drivenDefinition({ definition, written, choices }: Situation): VmDefinition | null {
  return definition ?? written.get(choices.definition.name) ?? null
}

export function notLookedAt(): ProblemError {
  return new ProblemError('usage', 'The host has not been looked at yet.', { hint: 'Wait for the first look to end.' })
}
