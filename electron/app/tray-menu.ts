import { type VmState, isUp } from '../../shared/vm/vm.ts'
import type { Snapshot } from '../../shared/window/wizard.ts'

export type TrayAction = 'open' | 'console' | 'start' | 'shut-down' | 'force-off' | 'quit'

export interface TrayItem {
  action: TrayAction | null
  label: string
  enabled: boolean
}

const WORDS: Readonly<Record<VmState, string>> = {
  off: 'off',
  starting: 'starting',
  running: 'running',
  stopping: 'shutting down',
  attention: 'needs attention',
}

const WORDS_OF_ERROR = 80

/** What the tray says and offers for a snapshot; null: the host is still being looked at. */
export function trayMenu(snapshot: Snapshot | null): { state: VmState; tooltip: string; items: TrayItem[] } {
  const state = trayState(snapshot)
  const status = statusLine(snapshot, state)
  const notes = [...lastError(snapshot), ...changes(snapshot)]
  const items: TrayItem[] = [
    ...[status, ...notes].map((label) => ({ action: null, label, enabled: false })),
    ...vmItems(snapshot),
    { action: 'open', label: 'Open Passthrough Studio', enabled: true },
    { action: 'quit', label: 'Quit (a running VM goes on)', enabled: true },
  ]
  return { state, tooltip: ['Passthrough Studio', status, ...notes].join('. '), items }
}

function statusLine(snapshot: Snapshot | null, state: VmState): string {
  if (snapshot?.vm == null) return 'No VM yet'
  const simulated = snapshot.hostKind === 'simulated' ? ' (simulated)' : ''
  return `VM "${snapshot.vm.name}": ${WORDS[state]}${simulated}`
}

/** Why it needs attention, cut to what a menu can show; empty: it does not. */
function lastError(snapshot: Snapshot | null): string[] {
  const failed = snapshot?.phase.kind === 'failed' ? snapshot.phase.problem.message : null
  const error = failed ?? snapshot?.vm?.error ?? null
  if (error === null) return []
  return [error.length > WORDS_OF_ERROR ? `${error.slice(0, WORDS_OF_ERROR - 1)}…` : error]
}

/** What differs from when the card was last proven; empty while all is as it was. */
function changes(snapshot: Snapshot | null): string[] {
  const count = snapshot?.health.changes ?? 0
  if (count === 0) return []
  return [`Health: ${count === 1 ? '1 change' : `${count} changes`} since it last worked`]
}

function vmItems(snapshot: Snapshot | null): TrayItem[] {
  const state = snapshot?.vm?.state ?? null
  const up = state !== null && isUp(state)
  const idle = !['applying', 'undoing'].includes(snapshot?.phase.kind ?? '')
  return [
    { action: 'start', label: 'Start the VM', enabled: state !== null && !up && idle },
    { action: 'console', label: 'Open console', enabled: up },
    { action: 'shut-down', label: 'Shut down', enabled: state === 'running' && idle },
    { action: 'force-off', label: 'Force off…', enabled: up },
  ]
}

function trayState(snapshot: Snapshot | null): VmState {
  if (snapshot === null) return 'off'
  if (snapshot.phase.kind === 'failed') return 'attention'
  if (snapshot.phase.kind === 'applying' && snapshot.phase.step === 'launch') return 'starting'
  return snapshot.vm?.state ?? 'off'
}
