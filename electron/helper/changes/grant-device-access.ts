import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { blocksGroup } from '#shared/units/drivers.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { driverOf } from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'

const nodeOf = (group: number) => `/dev/vfio/${group}`

export const grantDeviceAccess: HandlerOf<'grant-device-access'> = {
  async check(work, change) {
    const { system } = work
    const node = nodeOf(change.group)
    await assertForCaller(work, change, `${node} is opened`)
    await assertGroupReleased(system, change.group)
    const state = await system.state(node)
    if (state === null)
      throw new ProblemError('conflict', `${node} is not there any more.`, { hint: 'Bind the card again in step 5.' })
    if (state.uid === change.expected.uid) return
    throw new ProblemError(
      'conflict',
      `${node} belongs to uid ${state.uid}, not ${change.expected.uid} as the plan saw.`,
      { hint: 'Check again to get a new plan.' },
    )
  },

  async capture({ system }, change) {
    const state = await system.state(nodeOf(change.group))
    return beforeValues({
      uid: String(state?.uid ?? 0),
      gid: String(state?.gid ?? 0),
      mode: String(state?.mode ?? 0o600),
    })
  },

  apply: ({ system }, change) => system.setOwner(nodeOf(change.group), { uid: change.uid, gid: 0, mode: 0o600 }),

  async revert({ system }, change, entry) {
    const node = nodeOf(change.group)
    if ((await system.state(node)) === null) return REVERTED
    const { uid, gid, mode } = entry.before.values
    await system.setOwner(node, { uid: Number(uid), gid: Number(gid), mode: Number(mode) })
    return REVERTED
  },
}

/** A group is given away only when no driver of the host works in it. */
async function assertGroupReleased(system: System, group: number): Promise<void> {
  const members = await system.list(`/sys/kernel/iommu_groups/${group}/devices`)
  for (const address of members.kind === 'names' ? members.names : []) {
    const driver = await driverOf(system, address)
    if (!blocksGroup(driver)) continue
    throw new ProblemError('refused', `Group ${group} is not given away: ${address} in it is on ${driver ?? ''}.`, {
      hint: 'Step 4 says what to do about it. Nothing was changed.',
    })
  }
}
