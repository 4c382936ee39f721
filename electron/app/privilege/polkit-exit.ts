import type { RootEnd } from '#host/exec/as-root.ts'
import { ProblemError } from '#shared/base/problem.ts'

/** pkexec's own codes (pkexec(1)); a shell that cannot start a program ends with the same two (sh(1)). */
const DISMISSED = 126
const NOT_AUTHORIZED = 127

/**
 * Returns why nothing began: the dialog was dismissed, authorization was not obtained, or the helper's small script
 * found no Node to start. Null: it ended in another way, so that something may have been done, or pkexec was not asked.
 */
export function endedByPolkit(end: RootEnd, asked: boolean): ProblemError | null {
  if (end.exitCode !== DISMISSED && end.exitCode !== NOT_AUTHORIZED) return null
  if (/exec: |not found|No such file/u.test(end.stderr))
    return new ProblemError('no-helper', 'The helper cannot be started.', {
      hint: 'Nothing was changed. Install the package or the helper again.',
      detail: end.stderr,
    })
  if (!asked) return null
  if (end.exitCode === DISMISSED)
    return new ProblemError('dismissed', 'The authentication dialog was closed.', {
      hint: 'Nothing was changed. Try again to be asked again.',
    })
  return new ProblemError('permission', 'The system does not allow you to change it.', {
    hint: 'Nothing was changed. The password was not accepted, there is nobody to ask here (no desktop session and no terminal of one), or a rule forbids it. Root needs no permission: the same works as root on a terminal.',
    detail: end.stderr,
  })
}
