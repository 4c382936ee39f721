import { jsonOrNull } from '#shared/base/json.ts'
import { helperRequest, verbOf } from '#shared/plan/helper-protocol.ts'
import type { Asked } from './serve.ts'

/** Root's own helper, started for what a line asks; for one that asks nothing, for step 3. */
export function askedFor(line: string): Asked {
  const request = helperRequest.safeParse(jsonOrNull(line)).data
  return { caller: 0, verb: (request === undefined ? null : verbOf(request)) ?? 'apply-boot' }
}
