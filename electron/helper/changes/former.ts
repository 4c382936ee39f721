import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { HUGE_PAGE_LIMIT } from '#shared/facts/compute/huge-pages.ts'
import type { Change, ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { beforeValues, type Handler, type HandlerOf, REVERTED, type Reverted, type Work } from '../handler.ts'

/**
 * What earlier versions did before each start of a VM, until the next boot: a VM's unit does it now, and takes it back.
 * Journals still hold it, so it can be taken back and is never done.
 */
function former<C extends Change>(revert: Handler<C>['revert']): Handler<C> {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new ProblemError('refused', 'A VM’s own unit does this at its start.', {
        hint: 'Check again to get a new plan.',
      }),
    )
  return { check: refuse, capture: async () => beforeValues({}), apply: refuse, revert }
}

export const grantDeviceAccess: HandlerOf<'grant-device-access'> = former(({ system }, { group, uid }, entry) =>
  ownerBack(system, `/dev/vfio/${group}`, uid, entry),
)

export const grantNodeAccess: HandlerOf<'grant-node-access'> = former(({ system }, { node, uid }, entry) =>
  ownerBack(system, node, uid, entry),
)

/** The number of a node may belong to another device by now; what is not the user's is not ours to give back. */
async function ownerBack(system: System, node: string, ours: number, entry: JournalEntry): Promise<Reverted> {
  const state = await system.state(node)
  if (state?.kind !== 'device' || state.uid !== ours) return REVERTED
  const { uid, gid, mode } = entry.before.values
  await system.setOwner(node, { uid: Number(uid), gid: Number(gid), mode: Number(mode) })
  return REVERTED
}

export const createTap: HandlerOf<'create-tap'> = former(async ({ system, log }: Work, { name }) => {
  const isTap = (await system.read(`/sys/class/net/${name}/tun_flags`)).kind === 'text'
  if (isTap) await system.run('ip', ['link', 'delete', 'dev', name], { onLine: log, hint: 'Shut its VM down first.' })
  return REVERTED
})

/** A reboot has set the limit back by itself, and one that somebody else set stays. */
export const reserveHugePages: HandlerOf<'reserve-huge-pages'> = former(
  async ({ system }, { pages }: ChangeOf<'reserve-huge-pages'>, entry) => {
    const before = Number(entry.before.values['limit'])
    const read = await system.read(HUGE_PAGE_LIMIT)
    const limit = read.kind === 'text' ? Number(read.text) : null
    if (limit === null || limit === before) return REVERTED
    if (limit !== pages)
      return { note: `The limit of huge pages was set to ${limit} by somebody else and stays.`, regenerate: null }
    await system.writeAttribute(HUGE_PAGE_LIMIT, `${before}\n`)
    return REVERTED
  },
)
