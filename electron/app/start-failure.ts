import { changesSince } from '#core/health/health.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Health } from '#shared/ipc/health.ts'

/**
 * Returns a start that failed, with what changed since the last known good; anything that is no Problem stays as it is.
 */
export function withChanges(thrown: unknown, health: Health | null): unknown {
  const changes = health === null ? null : changesSince(health)
  if (changes === null || !(thrown instanceof ProblemError)) return thrown
  const { code, message, detail, hint } = thrown.problem
  const error = ProblemError.from({
    code,
    message,
    detail,
    hint: [hint, changes].filter((text) => text !== null).join(' '),
  })
  return Object.assign(error, { cause: thrown })
}
