import type { VmStatus } from '#shared/vm/vm.ts'

export const NO_LONGER_ANSWERS = 'QEMU is still there but does not answer. Force it off if that stays so.'

export const NOT_OURS = 'It belongs to another user; only they and root can see whether it runs.'

const INTERRUPTED =
  'The start was interrupted: QEMU waits before the guest’s first instruction. Let it go on, or force it off.'

/** States in which QEMU has stopped the guest by itself (QMP reference, RunState). */
const STOPPED: Readonly<Record<string, string>> = {
  'io-error':
    'QEMU stopped the guest: its disk cannot be written. Make room on the host, or look at the disk; then let it go on.',
  'internal-error': 'QEMU stopped the guest on an error of KVM; QEMU’s messages tell which.',
  'guest-panicked': 'The guest’s kernel has crashed.',
  watchdog: 'QEMU stopped the guest because its watchdog ran out.',
  paused: 'The guest is paused.',
  shutdown: 'The guest has shut down, and QEMU was told to stay.',
}

/** QEMU's words for a guest that goes on as soon as it is told to; a full disk is tried again then. */
const RESUMABLE: readonly string[] = ['prelaunch', 'io-error', 'paused']

/** Returns whether a start may only let the guest go on. */
export function canResume(says: string | null): boolean {
  return says !== null && RESUMABLE.includes(says)
}

/** What a VM says that waits for a viewer, in its state and after its start. */
export const WAITS_FOR_VIEWER =
  'It waits until somebody opens its screen, two minutes at most: its installation disc asks for a key in the first seconds.'

/** Returns what QEMU's own state means. `starting`: this very program is about to let it run. `waits`: for a viewer. */
export function sayStatus(
  says: string,
  { starting, waits }: { starting: boolean; waits: boolean },
): Omit<VmStatus, 'name' | 'since'> {
  if (says === 'running') return { state: 'running', detail: 'The guest runs.', error: null, resumable: false }
  if (says === 'prelaunch' && waits)
    return { state: 'starting', detail: WAITS_FOR_VIEWER, error: null, resumable: !starting }
  const detail = `QEMU says: ${says}.`
  const [error, resumable] = [STOPPED[says], canResume(says) && !starting]
  if (error !== undefined) return { state: 'attention', detail, error, resumable }
  return { state: 'starting', detail, error: resumable ? INTERRUPTED : null, resumable }
}
