import type { JournalEntry } from '../../../shared/change/journal.ts'
import type { AboutView, HelperPlan } from '../../../shared/window/helper-view.ts'
import { planInstall } from './checkout-helper.ts'
import { CHECKOUT_HELPER, InstalledHelpers } from './installed-helper.ts'
import type { Privilege } from './privilege.ts'
import type { Program } from './program.ts'

/** What this program is, which helpers are on this host, and what installing one would do. */
export async function aboutThis(
  program: Program,
  { access: { refusal, text, wayOn } }: Privilege,
  journal: readonly JournalEntry[],
): Promise<AboutView> {
  const { build } = program
  const found = await new InstalledHelpers().look(build)
  return {
    build,
    privilege: { canChange: refusal === null, text, wayOn },
    found,
    plan: build.origin === 'checkout' ? shown(await planInstall(program)) : null,
    removable: build.origin === 'checkout' && found.some(({ path }) => path === CHECKOUT_HELPER),
    inForce: journal.filter((entry) => entry.reverted === null).length,
  }
}

function shown({ files, script, asks }: HelperPlan): HelperPlan {
  return { files, script, asks }
}
