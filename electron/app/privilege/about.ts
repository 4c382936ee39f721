import { RealHost } from '#host/real/real.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { AboutView } from '#shared/ipc/helper-view.ts'
import { readJournal } from '../session/journal-reader.ts'
import { planInstall } from './checkout-helper.ts'
import { CHECKOUT_HELPER } from './installed-helper.ts'
import { RealPrivilege, viewOf } from './privilege.ts'
import type { Program } from './program.ts'

/**
 * Returns what this program is, which helpers are on this computer, and what installing one would do; also in a
 * simulation.
 */
export async function aboutThis(program: Program): Promise<AboutView> {
  const { build } = program
  const privilege = new RealPrivilege(program)
  await privilege.renew()
  const view = viewOf(privilege)
  const { found } = privilege
  return {
    build,
    privilege: view,
    found: [...found],
    ...(await planOf(program, view.canChange || view.wayOn !== 'none')),
    removable: build.origin === 'checkout' && found.some(({ path }) => path === CHECKOUT_HELPER),
    inForce: await countInForce(),
  }
}

/**
 * Returns what installing would do, or why it cannot be; neither for a package, nor where installing would help
 * nothing.
 */
async function planOf(program: Program, helps: boolean): Promise<Pick<AboutView, 'plan' | 'whyNoPlan'>> {
  if (program.build.origin === 'package' || !helps) return { plan: null, whyNoPlan: null }
  try {
    const { place, files, script, asks } = await planInstall(program)
    return { plan: { place, files, script, asks }, whyNoPlan: null }
  } catch (thrown) {
    return { plan: null, whyNoPlan: problemOf(thrown) }
  }
}

/** Counts the changes in force; null: the journal cannot be read. */
async function countInForce(): Promise<number | null> {
  const { entries, unreadable } = await readJournal(new RealHost())
  return unreadable === null ? entries.filter((entry) => entry.reverted === null).length : null
}
