import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { beforeValues, type HandlerOf, REVERTED, type Work } from '../handler.ts'
import { linkExists } from './live.ts'

export const createTap: HandlerOf<'create-tap'> = {
  async check(work, change) {
    await assertForCaller(work, change, `The tap ${change.name} is made`)
    if (await linkExists(work.system, change.name))
      throw new ProblemError('conflict', `A link named ${change.name} is there already.`, {
        hint: 'Check again to get a new plan.',
      })
  },

  capture: async () => beforeValues({}),

  async apply(work, change) {
    const { name, bridge, uid } = change
    if ((await work.system.list(`/sys/class/net/${bridge}/bridge`)).kind !== 'names')
      throw new ProblemError('conflict', `There is no bridge ${bridge}.`, { hint: 'Check again to get a new plan.' })
    // vnet_hdr lets the guest's virtio card hand large segments over unsplit (kernel: networking/tuntap).
    await ip(work, ['tuntap', 'add', 'dev', name, 'mode', 'tap', 'user', String(uid), 'vnet_hdr'])
    await ip(work, ['link', 'set', 'dev', name, 'master', bridge, 'up'])
  },

  async revert(work, change) {
    if (await isTap(work.system, change.name)) await ip(work, ['link', 'delete', 'dev', change.name])
    return REVERTED
  },
}

async function isTap(system: System, name: string): Promise<boolean> {
  return (await system.read(`/sys/class/net/${name}/tun_flags`)).kind === 'text'
}

async function ip({ system, log }: Work, args: readonly string[]): Promise<void> {
  await system.run('ip', args, { onLine: log, hint: 'Step 7 says what it sees of the bridge.' })
}
