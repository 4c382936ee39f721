import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { vmPaths } from '#shared/vm/vm.ts'

/** The shell that a VM's script runs in: it is QEMU's parent for as long as the VM is there. */
const SCRIPT = new RegExp(`^/bin/sh\0${vmPaths('([^/\0]+)').script.replaceAll('.', '\\.')}\0`, 'u')

/** Restarts the host. Throws `vm-running`: between the app's look and now a password was asked for. */
export async function reboot(system: System): Promise<void> {
  const vm = await runningVm(system)
  if (vm !== null)
    throw new ProblemError('vm-running', `The VM "${vm}" is up; a reboot would take its power away.`, {
      hint: 'Shut it down first, then reboot.',
    })
  await system.run('systemctl', ['reboot'], { hint: 'Reboot the host yourself.' })
}

async function runningVm(system: System): Promise<string | null> {
  const listed = await system.list('/proc')
  if (listed.kind !== 'names')
    throw new ProblemError('refused', 'Whether a VM is up cannot be told: /proc cannot be read.', {
      hint: 'Reboot the host yourself.',
    })
  for (const pid of listed.names.filter((name) => /^\d+$/u.test(name))) {
    const words = await system.read(`/proc/${pid}/cmdline`)
    const name = words.kind === 'text' ? SCRIPT.exec(words.text)?.[1] : undefined
    if (name !== undefined) return name
  }
  return null
}
