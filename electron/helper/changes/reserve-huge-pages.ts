import { totalMemoryMiB } from '#host/probe/meminfo.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { HUGE_PAGE_LIMIT, HUGE_PAGE_MIB } from '#shared/facts/huge-pages.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'

export const reserveHugePages: HandlerOf<'reserve-huge-pages'> = {
  async check({ system }, change) {
    const [limit, total] = [await limitNow(system), await totalMiB(system)]
    if (limit === null)
      throw new ProblemError('conflict', `${HUGE_PAGE_LIMIT} is not there.`, {
        hint: 'This kernel has no huge pages of 2 MiB: switch them off in step 8.',
      })
    if (limit !== change.expected.limit)
      throw new ProblemError(
        'conflict',
        `The limit of huge pages is ${limit}, not ${change.expected.limit} as the plan saw.`,
        { hint: 'Check again to get a new plan.' },
      )
    if (change.pages * HUGE_PAGE_MIB >= total)
      throw new ProblemError(
        'refused',
        `${change.pages} huge pages are more than this host’s ${total} MiB of memory.`,
        {
          hint: 'Give the VM less memory in step 8.',
        },
      )
  },

  capture: async ({ system }) => beforeValues({ limit: String((await limitNow(system)) ?? 0) }),

  apply: ({ system }, change) => system.writeAttribute(HUGE_PAGE_LIMIT, `${change.pages}\n`),

  /** A reboot has set the limit back by itself, and one that somebody else set stays. */
  async revert({ system }, change, entry) {
    const before = Number(entry.before.values['limit'])
    const limit = await limitNow(system)
    if (limit === null || limit === before) return REVERTED
    if (limit !== change.pages)
      return {
        note: `The limit of huge pages was set to ${limit} by somebody else and stays.`,
        regenerate: null,
      }
    await system.writeAttribute(HUGE_PAGE_LIMIT, `${before}\n`)
    return REVERTED
  },
}

async function limitNow(system: System): Promise<number | null> {
  const result = await system.read(HUGE_PAGE_LIMIT)
  return result.kind === 'text' ? Number(result.text) : null
}

async function totalMiB(system: System): Promise<number> {
  const result = await system.read('/proc/meminfo')
  return result.kind === 'text' ? totalMemoryMiB(result.text) : 0
}
