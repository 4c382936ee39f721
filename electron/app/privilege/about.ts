import { ProblemError } from '../../../shared/problem.ts'
import type { AboutView, HelperPlan } from '../../../shared/window/helper-view.ts'
import { RealHost } from '../../host/real.ts'
import { readJournal } from '../journal-reader.ts'
import { planInstall } from './checkout-helper.ts'
import { CHECKOUT_HELPER, InstalledHelpers } from './installed-helper.ts'
import { RealPrivilege } from './privilege.ts'
import type { Program } from './program.ts'

/** What this program is, which helpers are on this computer, and what installing one would do; also in a simulation. */
export async function aboutThis(program: Program): Promise<AboutView> {
  const { build } = program
  const privilege = new RealPrivilege(program)
  await privilege.renew()
  const { refusal, text, wayOn } = privilege.access
  const found = await new InstalledHelpers().look(build)
  return {
    build,
    privilege: { canChange: refusal === null, text, wayOn },
    found,
    plan: build.origin === 'checkout' ? shown(await planInstall(program)) : null,
    removable: build.origin === 'checkout' && found.some(({ path }) => path === CHECKOUT_HELPER),
    inForce: await countInForce(),
  }
}

function shown({ files, script, asks }: HelperPlan): HelperPlan {
  return { files, script, asks }
}

/** How many changes are in force; null: the journal cannot be read, which is no reason to show nothing else. */
async function countInForce(): Promise<number | null> {
  try {
    return (await readJournal(new RealHost())).filter((entry) => entry.reverted === null).length
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.code === 'journal') return null
    throw thrown
  }
}
