import { ProblemError } from '../../../shared/problem.ts'

/**
 * What pkexec's own exit codes mean: 126 when the dialog was dismissed, 127 when authorization was not obtained
 * (pkexec(1)). Null: it ended in another way, or pkexec was not asked.
 */
export function endedByPolkit(end: { exitCode: number | null; stderr: string }, asked: boolean): ProblemError | null {
  // What the helper's own script says when its Node cannot be started has the same codes.
  if (/exec: |not found|No such file/u.test(end.stderr))
    return new ProblemError('no-helper', 'The helper cannot be started.', {
      hint: 'Nothing was changed. Install the package or the helper again.',
      detail: end.stderr,
    })
  if (asked && end.exitCode === 126)
    return new ProblemError('dismissed', 'The authentication dialog was closed.', {
      hint: 'Nothing was changed. Try again to be asked again.',
    })
  if (asked && end.exitCode === 127)
    return new ProblemError('permission', 'The system does not allow you to change it.', {
      hint: 'Nothing was changed. The password was not accepted, there is nobody to ask here (no desktop session and no terminal of one), or a rule forbids it. Root needs no permission: the same works as root on a terminal.',
      detail: end.stderr,
    })
  return null
}
