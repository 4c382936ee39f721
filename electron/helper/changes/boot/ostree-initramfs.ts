import { z } from 'zod'
import { beforeValues, type Work } from '#helper/handler.ts'
import { type NextDeployment, nextDeployment } from '#host/probe/boot-image/deployment.ts'
import { jsonOrNull } from '#shared/base/json.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Before } from '#shared/plan/journal-lines.ts'
import { type OstreeInitramfs, ostreeInitramfsCommand } from '#shared/plan/tool-command.ts'

/**
 * Makes dracut say more, and nothing else. rpm-ostree refuses to build again what it builds already unless there are
 * arguments, before or now (rpm-ostree, InitramfsStateTransaction).
 */
const HARMLESS = '--verbose'

/** Has the initramfs of the deployment that boots next built of the settings that are there. */
export const ostreeInitramfs = {
  async capture(work: Work): Promise<Before> {
    const { regenerates, args } = await current(work)
    return beforeValues({ regenerates: String(regenerates), args: JSON.stringify(args) })
  },

  async apply(work: Work): Promise<void> {
    const { regenerates, args } = await current(work)
    const again = regenerates && args.length === 0 ? [HARMLESS] : args
    await set(work, { regenerates: true, args: regenerates ? again : [] })
  },

  /** Runs when the files are as before: what was switched is switched back, else it is built once more. */
  async back(work: Work, { values }: Before): Promise<void> {
    const wanted = ostreeBefore(values)
    const { regenerates, args } = await current(work)
    if (!regenerates && !wanted.regenerates) return
    const asWanted = regenerates && wanted.regenerates && args.length + wanted.args.length === 0
    if (!asWanted) await set(work, wanted)
  },
}

/** What rpm-ostree did about the initramfs before a change. An earlier version made it only where it was off. */
export function ostreeBefore(values: Before['values']): OstreeInitramfs {
  const args = z.array(z.string()).safeParse(jsonOrNull(values['args'] ?? '')).data ?? []
  return { regenerates: values['regenerates'] === 'true', args }
}

async function current({ system }: Work): Promise<NextDeployment> {
  const found = await nextDeployment(system)
  if (!isUnknown(found)) return found
  throw new ProblemError('tool-failed', `What rpm-ostree boots next cannot be told: ${found.unknown}.`, {
    hint: 'Run "rpm-ostree status"; once it answers, try again.',
  })
}

async function set({ system, log }: Work, wanted: OstreeInitramfs): Promise<void> {
  const { tool, args } = ostreeInitramfsCommand(wanted)
  await system.run(tool, args, { onLine: log })
}
