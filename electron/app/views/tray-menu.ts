import { isWorking } from '#shared/ipc/phase.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { holdsDevices, VM_STATE_WORDS, type VmState, type VmStatus } from '#shared/vm/vm.ts'

export type TrayAction = 'open' | 'console' | 'start' | 'shut-down' | 'reset' | 'force-off' | 'quit'

export interface TrayItem {
  action: TrayAction | null
  /** The VM the action is for; empty for those of the app. */
  vm: string
  label: string
  enabled: boolean
  /** A submenu; empty: there is none. */
  items: readonly TrayItem[]
}

/** What the icon shows of several VMs: the first of these that one of them is in. */
const URGENCY: readonly VmState[] = ['attention', 'starting', 'stopping', 'running', 'unknown', 'off']

const WORDS_OF_ERROR = 80

/** Returns what the tray says and offers for a snapshot; null: the host is still being looked at. */
export function trayMenu(snapshot: Snapshot | null): { state: VmState; tooltip: string; items: TrayItem[] } {
  const several = (snapshot?.vms.length ?? 0) > 1
  const lines = snapshot === null || noneYet(snapshot) ? ['No VM yet'] : stateLines(snapshot)
  const notes = [...lastError(snapshot), ...changes(snapshot)]
  const items: TrayItem[] = [
    ...(several ? notes : [...lines, ...notes]).map(infoItem),
    ...(snapshot !== null && several ? submenus(snapshot, lines) : vmItems(snapshot, snapshot?.vm ?? null)),
    { action: 'open', vm: '', label: 'Open Passthrough Studio', enabled: true, items: [] },
    { action: 'quit', vm: '', label: 'Quit (a running VM goes on)', enabled: true, items: [] },
  ]
  return { state: trayState(snapshot), tooltip: ['Passthrough Studio', ...lines, ...notes].join('. '), items }
}

function infoItem(label: string): TrayItem {
  return { action: null, vm: '', label, enabled: false, items: [] }
}

/** Its only VM is not more than a name. */
function noneYet({ vm, vms }: Snapshot): boolean {
  return vm === null && vms.length < 2
}

function stateLines(snapshot: Snapshot): string[] {
  return statesOf(snapshot).map((vm) => vmLine(snapshot, vm))
}

function vmLine({ hostKind }: Snapshot, { name, state }: Pick<VmStatus, 'name' | 'state'>): string {
  return `VM "${name}": ${VM_STATE_WORDS[state]}${hostKind === 'simulated' ? ' (simulated)' : ''}`
}

/** Returns why it needs attention, cut to what a menu can show; empty: it does not. */
function lastError(snapshot: Snapshot | null): string[] {
  const failed = snapshot?.phase.kind === 'failed' ? snapshot.phase.problem.message : null
  const error = failed ?? snapshot?.vm?.error ?? null
  return error === null ? [] : [cut(error)]
}

function cut(text: string): string {
  return text.length > WORDS_OF_ERROR ? `${text.slice(0, WORDS_OF_ERROR - 1)}…` : text
}

/** Returns what differs from when the card was last proven; empty while all is as it was. */
function changes(snapshot: Snapshot | null): string[] {
  const count = snapshot?.health.changes ?? 0
  if (count === 0) return []
  return [`Health: ${count === 1 ? '1 change' : `${count} changes`} since it last worked`]
}

function submenus(snapshot: Snapshot, lines: readonly string[]): TrayItem[] {
  return snapshot.vms.map((vm, index) => {
    // The selected VM's error stands above already.
    const error = vm.error === null || vm.selected ? [] : [infoItem(cut(vm.error))]
    const items = [...error, ...vmItems(snapshot, vm)]
    return { action: null, vm: vm.name, label: lines[index] ?? vm.name, enabled: true, items }
  })
}

function vmItems(snapshot: Snapshot | null, vm: VmStatus | null): TrayItem[] {
  const idle = snapshot === null || !isWorking(snapshot.phase)
  const item = (action: TrayAction, label: string, enabled: boolean): TrayItem => {
    return { action, vm: vm?.name ?? '', label, enabled, items: [] }
  }
  const there = vm !== null && holdsDevices(vm)
  return [
    item('start', vm?.resumable === true ? 'Let the guest go on' : 'Start the VM', startable(vm) && idle),
    item('console', 'Open console', there),
    item('shut-down', 'Shut down', vm?.state === 'running' && idle),
    item('reset', 'Reset…', vm?.state === 'running' && idle),
    item('force-off', 'Force off…', there),
  ]
}

/** Returns whether a VM can be started: it is off or waits, and its state is known. */
function startable(vm: VmStatus | null): boolean {
  return vm !== null && (vm.resumable || (!holdsDevices(vm) && vm.state !== 'unknown'))
}

/** Returns the VMs as the tray shows them: one that is being started shows so before QEMU says it. */
function statesOf({ phase, vms }: Snapshot): Snapshot['vms'] {
  // While one shuts down, the action that is under way is that.
  const stopping = vms.some(({ state }) => state === 'stopping')
  const launching = phase.kind === 'applying' && phase.step === 'launch' && !stopping
  return vms.map((vm) => (launching && vm.selected && vm.state === 'off' ? { ...vm, state: 'starting' } : vm))
}

/** Returns the tray icon's state. A failed action colours the icon only: what each VM does is on its line. */
function trayState(snapshot: Snapshot | null): VmState {
  if (snapshot?.phase.kind === 'failed') return 'attention'
  if (snapshot === null || noneYet(snapshot)) return 'off'
  const states = statesOf(snapshot).map(({ state }) => state)
  return URGENCY.find((state) => states.includes(state)) ?? 'off'
}
