import { ProblemError } from '#shared/base/problem.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { LIVE, routeArrives } from './live.ts'

export const switchNetwork: HandlerOf<'switch-network'> = {
  async check() {
    // What it needs was checked by guard-network, and is made by the changes in between.
  },

  capture: async () => beforeValues({}),

  async apply(work, change) {
    await LIVE[change.manager].enter(work, change)
    if (await routeArrives(work.system, change.bridge, change.ip)) return
    throw new ProblemError(
      'tool-failed',
      `The bridge ${change.bridge} came up without a default route of ${change.ip}.`,
      {
        hint: `The log says what ${change.manager} did.`,
      },
    )
  },

  async revert(work, change) {
    await LIVE[change.manager].exit(work, change)
    return REVERTED
  },
}
