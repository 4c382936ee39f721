import { toolText } from '#host/exec/tool-text.ts'
import { defaultLink } from '#host/probe/claims/network.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { GUARD_FILE } from '#shared/facts/network.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { armGuard, disarmGuard } from './guard.ts'
import { linkExists, LIVE, routeArrives } from './live.ts'

type Guard = ChangeOf<'guard-network'>

export const guardNetwork: HandlerOf<'guard-network'> = {
  async check({ system }, change) {
    await assertGuardPossible(system)
    await assertUplink(system, change)
    if (await linkExists(system, change.bridge))
      throw new ProblemError('conflict', `A link named ${change.bridge} is there already.`, {
        hint: 'Choose another name, or use the bridge that is there.',
      })
  },

  async capture(work, change) {
    return beforeValues({ profile: await activeProfile(work.system, change) })
  },

  async apply(work, change) {
    await armGuard(work, change.seconds)
    await LIVE[change.manager].leave(work, change)
  },

  /** Runs last: the files are as before, and nothing but the live state is left to bring back. */
  async revert(work, change, entry) {
    await LIVE[change.manager].back(work, change, entry.before.values['profile'] ?? null)
    const back = await routeArrives(work.system, change.uplink, change.ip)
    await disarmGuard(work.system, entry.tx, work.log)
    if (back) return REVERTED
    const note = `The files of ${change.uplink} are as before, but no default route goes through it yet; its cable or DHCP server may be away.`
    return { note, regenerate: null }
  },
}

/** Without a guard nobody could bring back a network that cuts its admin off. */
async function assertGuardPossible(system: System): Promise<void> {
  if ((await system.list('/run/systemd/system')).kind !== 'names')
    throw new ProblemError('refused', 'systemd does not run here, so nothing could bring the old network back.', {
      hint: 'Nothing was changed. Choose the private network.',
    })
  if ((await system.state(GUARD_FILE)) === null) return
  throw new ProblemError('busy', 'Another new network waits to be kept or taken back.', {
    hint: 'Keep it, or go back, then apply again.',
  })
}

/** The link must still be what the plan saw, and one that can be a bridge port. */
async function assertUplink(system: System, { uplink, ip, expected }: Guard): Promise<void> {
  const base = `/sys/class/net/${uplink}`
  if ((await system.list(`${base}/wireless`)).kind === 'names')
    throw new ProblemError('refused', `${uplink} is a Wi-Fi card; it cannot be a bridge port.`, {
      hint: 'Choose the private network in step 7.',
    })
  const mac = await system.read(`${base}/address`)
  const [found, master, route] = [
    mac.kind === 'text' ? mac.text.trim() : 'no such link',
    await system.link(`${base}/master`),
    await defaultLink(system, ip),
  ]
  if (found === expected.mac && master.kind !== 'target' && route === uplink) return
  throw new ProblemError('conflict', `${uplink} is no longer as the plan saw it (${found}, default route ${route}).`, {
    hint: 'Nothing was changed. Check again to get a new plan.',
  })
}

/** Id of the profile NetworkManager has active on the uplink, to go back to. */
async function activeProfile(system: System, { manager, uplink }: Guard): Promise<string | null> {
  if (manager !== 'NetworkManager') return null
  const args = ['-t', '-g', 'GENERAL.CON-UUID', 'device', 'show', uplink]
  const said = await toolText(system, 'nmcli', args)
  return isUnknown(said) ? null : said?.trim() || null
}
