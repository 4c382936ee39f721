import type { VmState } from '../../shared/vm.ts'
import type { Snapshot } from '../../shared/wizard.ts'

export type TrayAction = 'open' | 'start' | 'shut-down' | 'force-off' | 'quit'

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

/** What the tray says and offers for a snapshot; null: the host is still being looked at. */
export function trayMenu(snapshot: Snapshot | null): { state: VmState; tooltip: string; items: TrayItem[] } {
  const state = trayState(snapshot)
  const status = statusLine(snapshot, state)
  const items: TrayItem[] = [
    { action: null, label: status, enabled: false },
    ...lastError(snapshot),
    ...changes(snapshot),
    ...vmItems(snapshot),
    { action: 'open', label: 'Open Passthrough Studio', enabled: true },
    { action: 'quit', label: 'Quit (a running VM goes on)', enabled: true },
  ]
  const tooltip = [`Passthrough Studio. ${status}`, ...changes(snapshot).map(({ label }) => label)].join('. ')
  return { state, tooltip, items }
}

function statusLine(snapshot: Snapshot | null, state: VmState): string {
  if (snapshot?.vm == null) return 'No VM yet'
  const simulated = snapshot.hostKind === 'simulated' ? ' (simulated)' : ''
  return `VM "${snapshot.vm.name}": ${WORDS[state]}${simulated}`
}

function lastError(snapshot: Snapshot | null): TrayItem[] {
  const error = snapshot?.vm?.error ?? null
  return error === null ? [] : [{ action: null, label: error.slice(0, 80), enabled: false }]
}

/** What differs from when the card was last proven; nothing while all is as it was. */
function changes(snapshot: Snapshot | null): TrayItem[] {
  const count = snapshot?.health.changes ?? 0
  if (count === 0) return []
  const things = count === 1 ? '1 change' : `${count} changes`
  return [{ action: null, label: `Health: ${things} since it last worked`, enabled: false }]
}

function vmItems(snapshot: Snapshot | null): TrayItem[] {
  const vm = snapshot?.vm ?? null
  const idle = snapshot?.phase.kind !== 'applying' && snapshot?.phase.kind !== 'undoing'
  const running = vm?.state === 'running'
  return [
    { action: 'start', label: 'Start the VM', enabled: vm !== null && !running && idle },
    { action: 'shut-down', label: 'Shut down', enabled: running && idle },
    { action: 'force-off', label: 'Force off', enabled: running },
  ]
}

function trayState(snapshot: Snapshot | null): VmState {
  if (snapshot === null) return 'off'
  if (snapshot.phase.kind === 'failed') return 'attention'
  if (snapshot.phase.kind === 'applying' && snapshot.phase.step === 'launch') return 'starting'
  return snapshot.vm?.state ?? 'off'
}
