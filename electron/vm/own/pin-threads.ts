import type { Host } from '#host/host.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { VmPinning } from '#shared/vm/options/compute.ts'
import type { QmpClient } from '../qmp/client.ts'
import { qmpCpus } from '../qmp/messages.ts'

/**
 * Puts each virtual processor's thread on its own logical processor and everything else of QEMU on the rest, before
 * the guest runs. The threads belong to the VM's user, who needs no privilege for it (sched_setaffinity(2)). Returns
 * null, or why the VM runs without: that costs speed and nothing else.
 */
export async function pinThreads(client: QmpClient, host: Host, pinning: VmPinning | null): Promise<string | null> {
  if (pinning === null) return null
  const cpus = qmpCpus.parse(await client.command('query-cpus-fast'))
  const first = cpus[0]
  if (first === undefined || cpus.length !== pinning.vcpus.length)
    return `Its processors are not pinned: QEMU has ${cpus.length}, the definition pins ${pinning.vcpus.length}.`
  try {
    // -a: all threads of the process that this thread belongs to; those that come later inherit it.
    await taskset(host, ['-a', '-p', '-c', pinning.emulator.join(',')], first['thread-id'])
    for (const cpu of cpus) {
      const target = pinning.vcpus[cpu['cpu-index']]
      if (target !== undefined) await taskset(host, ['-p', '-c', String(target)], cpu['thread-id'])
    }
    return null
  } catch (thrown) {
    if (thrown instanceof ProblemError) return `Its processors are not pinned: ${thrown.problem.message}`
    throw thrown
  }
}

async function taskset(host: Host, options: readonly string[], thread: number): Promise<void> {
  const hint = 'The VM runs, its processors move.'
  const result = await host.run('taskset', [...options, String(thread)], { hint })
  if (result === null)
    throw new ProblemError('tool-missing', 'taskset is not installed.', {
      hint: 'It is part of util-linux; the VM runs without it, its processors move.',
    })
}
