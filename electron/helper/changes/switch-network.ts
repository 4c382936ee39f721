import { ProblemError } from '../../../shared/problem.ts'
import { type HandlerOf, REVERTED, beforeValues } from '../handler.ts'
import { LIVE, routeArrives } from '../network/live.ts'

export const switchNetwork: HandlerOf<'switch-network'> = {
  async check() {
    // What it needs was checked by guard-network, and is made by the changes in between.
  },

  capture: async () => beforeValues({}),

  async apply(work, change) {
    await LIVE[change.manager].enter(work, change)
    if (await routeArrives(work.system, change.bridge)) return
    throw new ProblemError('tool-failed', `The bridge ${change.bridge} came up without a default route.`, {
      hint: `The log says what ${change.manager} did.`,
    })
  },

  async revert(work, change) {
    await LIVE[change.manager].exit(work, change)
    return REVERTED
  },
}
