import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'

const TOOL_WAIT_MS = 600_000
/** Names in /proc/<pid>/comm, which the kernel cuts after 15 characters. */
const BUILDERS = new Set(
  [
    ...['update-initramfs', 'mkinitramfs', 'dracut', 'mkinitcpio', 'update-grub', 'grub-mkconfig', 'grub2-mkconfig'],
    ...['grubby', 'kernel-install', 'kernelstub', 'proxmox-boot-tool', 'sdbootutil'],
  ].map((name) => name.slice(0, 15)),
)

/**
 * When the helper was killed, the tool it had started may still be at work and would replace what is put back.
 * Waits until none of these scripts runs any more.
 */
export async function waitForBootTools(system: System): Promise<void> {
  const deadline = Date.now() + TOOL_WAIT_MS
  while (await anyRuns(system)) {
    if (Date.now() > deadline)
      throw new ProblemError('busy', 'A tool of the distribution is still rebuilding boot files.', {
        hint: 'Wait until it ends, then undo again.',
      })
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function anyRuns(system: System): Promise<boolean> {
  const pids = await system.list('/proc')
  for (const pid of pids.kind === 'names' ? pids.names.filter((name) => /^\d+$/u.test(name)) : []) {
    const comm = await system.read(`/proc/${pid}/comm`)
    if (comm.kind === 'text' && BUILDERS.has(comm.text.trim())) return true
  }
  return false
}
