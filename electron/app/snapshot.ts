import type { Facts } from '../../shared/facts.ts'
import { shortAddress } from '../../shared/pci.ts'
import type { StepId } from '../../shared/step-id.ts'
import type { Snapshot, StepView } from '../../shared/wizard.ts'
import { machineView } from '../machine/view.ts'
import { cardsOf, chosenCard } from '../steps/card.ts'
import type { StudioState } from './studio-core.ts'
import type { Studio } from './studio.ts'

export interface TrayState {
  available: boolean
  text: string
}

/** Everything the window shows, from the engine's state. Null until the host has been looked at. */
export function snapshotOf(studio: Studio, tray: TrayState): Snapshot | null {
  const state = studio.current
  const { facts, steps, saved } = state
  if (facts === null || steps.length === 0) return null
  return {
    hostKind: studio.session.host.kind,
    hostname: facts.machine.hostname,
    hostLine: hostLine(facts, state),
    checkedAt: facts.takenAt,
    phase: state.phase,
    steps: [...steps],
    choices: saved.choices,
    gpus: cardsOf(facts),
    machine: machineView(facts, saved.choices, chosenCard(facts, saved.choices)),
    devices: facts.devices,
    lspci: facts.lspci,
    vm: state.vm,
    proof: saved.proofs.guestReport,
    privilege: { canChange: studio.session.refusal === null, text: studio.session.privilege },
    offerSimulation: studio.session.host.kind === 'real' && hopeless(steps),
    focus: focusOf(state),
    notice: state.notice,
    tray,
    log: [...state.log],
  }
}

function hostLine(facts: Facts, state: StudioState): string {
  const card = chosenCard(facts, state.saved.choices)
  const gpu = card === null ? 'no card chosen' : `${card.name} at ${shortAddress(card.address)}`
  return `${facts.machine.osName} · ${gpu} · VM "${state.saved.choices.machine.name}"`
}

/** A machine that cannot pass a GPU through, whatever its admin clicks here. */
function hopeless(steps: readonly StepView[]): boolean {
  return steps.some((step) => (step.id === 'platform' || step.id === 'gpu') && step.verdict.status === 'blocked')
}

/** The step a reboot interrupted, unless it is done; else the first that is not. */
function focusOf(state: StudioState): StepId {
  const open = state.steps.find((step) => step.verdict.status !== 'ok')
  const { phase, resumedAt } = state
  if (phase.kind === 'needs-reboot') return phase.step
  return resumedAt ?? open?.id ?? 'launch'
}
