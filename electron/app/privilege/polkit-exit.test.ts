import { describe, expect, it } from 'vitest'
import { endedByPolkit } from './polkit-exit.ts'

const REFUSED = 'Error executing command as another user: Not authorized'
/** What dash and bash say of a program that is gone. */
const GONE = ['helper: 2: exec: /x/node: not found', 'helper: line 2: /x/node: No such file or directory']

describe('the reason why pkexec did not start the helper', () => {
  it('follows from pkexec’s exit code', () => {
    expect(endedByPolkit({ exitCode: 126, stderr: '' }, true)?.problem.code).toBe('dismissed')
    expect(endedByPolkit({ exitCode: 127, stderr: REFUSED }, true)?.problem.code).toBe('permission')
  })

  it('is a missing Node where the script’s shell says so, also for root', () => {
    for (const stderr of GONE) {
      expect(endedByPolkit({ exitCode: 127, stderr }, true)?.problem.code).toBe('no-helper')
      expect(endedByPolkit({ exitCode: 127, stderr }, false)?.problem.code).toBe('no-helper')
    }
  })

  it('is never given for a helper that ended otherwise: it may have changed something', () => {
    for (const exitCode of [null, 0, 1]) expect(endedByPolkit({ exitCode, stderr: GONE[1] ?? '' }, true)).toBeNull()
    expect(endedByPolkit({ exitCode: 127, stderr: REFUSED }, false)).toBeNull()
  })
})
