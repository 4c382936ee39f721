import { SimulatedHost } from '#host/simulated/simulated.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { Studio } from '../studio.ts'
import { openSession } from './session.ts'

/** The app on the paper's workstation, before its first look, and the simulated host below it. */
export async function paperStudio(): Promise<{ studio: Studio; host: SimulatedHost }> {
  const session = await openSession('paper', 'unused')
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  return { studio: new Studio(session), host: session.host }
}

/** From now on a file of the host can neither be written nor replaced, as after chattr(1) +i. */
export function makeImmutable(host: SimulatedHost, immutable: string): void {
  const write = host.writeAtomic.bind(host)
  host.writeAtomic = async (path, bytes, owner) => {
    if (path === immutable) throw new ProblemError('permission', 'It is immutable.', { hint: 'See lsattr.' })
    return write(path, bytes, owner)
  }
}
