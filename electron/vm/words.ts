import type { VmStatus } from '../../shared/vm/vm.ts'

export const NO_LONGER_ANSWERS = 'QEMU is still there but does not answer. Force it off if that stays so.'

export const NOT_OURS = 'It belongs to another user; only they and root can see whether it runs.'

const INTERRUPTED =
  'The start was interrupted: QEMU waits before the guest’s first instruction. Start the VM to let it go on, or force it off.'

/** States in which QEMU has stopped the guest by itself (QMP reference, RunState). */
const STOPPED: Readonly<Record<string, string>> = {
  'io-error': 'QEMU stopped the guest: its disk cannot be written. Make room on the host, or look at the disk.',
  'internal-error': 'QEMU stopped the guest on an error of KVM; QEMU’s messages tell which.',
  'guest-panicked': 'The guest’s kernel has crashed.',
  watchdog: 'QEMU stopped the guest because its watchdog ran out.',
  paused: 'The guest is paused.',
  shutdown: 'The guest has shut down, and QEMU was told to stay.',
}

/** What QEMU's own state means. `starting`: this very program is about to let it run. */
export function sayStatus(says: string, starting: boolean): Pick<VmStatus, 'state' | 'detail' | 'error'> {
  if (says === 'running') return { state: 'running', detail: 'The guest runs.', error: null }
  const detail = `QEMU says: ${says}.`
  const error = STOPPED[says]
  if (error !== undefined) return { state: 'attention', detail, error }
  return { state: 'starting', detail, error: says === 'prelaunch' && !starting ? INTERRUPTED : null }
}
