import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { Work } from '../handler.ts'

/** An account of this host, with the group it has at login. */
export interface Account {
  name: string
  uid: number
  gid: number
}

const PASSWD = '/etc/passwd'

/** The account of a user id, as the host itself knows it (passwd(5)). Throws `refused` when there is none. */
export async function accountOf(system: System, uid: number): Promise<Account> {
  const found = (await accounts(system)).find((account) => account.uid === uid)
  if (found !== undefined) return found
  throw new ProblemError('refused', `There is no user with uid ${uid} in ${PASSWD}.`, {
    hint: 'Check again: step 8 says as whom the VM runs.',
  })
}

async function accounts(system: System): Promise<Account[]> {
  const file = await system.read(PASSWD)
  const lines = file.kind === 'text' ? file.text.split('\n') : []
  return lines.flatMap((line) => {
    const [, name, uid, gid] = /^([^:]+):[^:]*:(\d+):(\d+):/u.exec(line) ?? []
    return name === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

type Asked = Pick<Work, 'system' | 'caller'>

/**
 * Refuses to make or give something to another user than the one who asks, or to a group that is not that user's own:
 * some groups (disk, shadow, docker) are as good as root. Root may ask for any user. `what` begins the refusal.
 * Returns the user's account.
 */
export async function assertForCaller(
  { system, caller }: Asked,
  { uid, gid }: { uid: number; gid?: number },
  what: string,
): Promise<Account> {
  if (caller !== 0 && caller !== uid)
    throw new ProblemError('refused', `${what} only for the user who asks.`, {
      hint: 'Nothing was changed. Ask as the user whose VM it is, or as root.',
    })
  const account = await accountOf(system, uid)
  if (gid !== undefined && gid !== account.gid)
    throw notTheirGroup(what, gid, `group ${account.gid} of ${account.name}`)
  return account
}

/** The same of a whole account: also its name has to be that of its uid. */
export async function assertOwnAccount(asked: Asked, { name, uid, gid }: Account, what: string): Promise<void> {
  const account = await assertForCaller(asked, { uid, gid }, what)
  if (name !== account.name)
    throw new ProblemError('refused', `${what} for uid ${uid} only under its own name, ${account.name}.`, {
      hint: 'Nothing was changed. Check again to get a new plan.',
    })
}

/** The same of a group alone. Root may ask for the group of any user of /etc/passwd who is not a system account. */
export async function assertCallersGroup({ system, caller }: Asked, gid: number, what: string): Promise<void> {
  const own =
    caller === 0 ? (await accounts(system)).filter(({ uid }) => uid >= 1000) : [await accountOf(system, caller)]
  if (!own.some((account) => account.gid === gid)) throw notTheirGroup(what, gid, 'the group of the user who asks')
}

function notTheirGroup(what: string, gid: number, instead: string): ProblemError {
  return new ProblemError('refused', `${what} only for ${instead}, not for group ${gid}.`, {
    hint: 'Nothing was changed. Check again to get a new plan.',
  })
}
