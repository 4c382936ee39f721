import { expect, test } from 'vitest'
import { asExpected } from './tool-run.ts'

const failed = { exitCode: 3, stdout: 'half of it\n', stderr: 'first\nno room left\n' }

test('an exit code of a tool is data only where the caller expects it', () => {
  expect(() => asExpected('dracut', failed, {})).toThrow('dracut failed with exit code 3: no room left')
  expect(() => asExpected('dracut', failed, { expect: [0, 1] })).toThrow('exit code 3')
  expect(asExpected('dracut', failed, { expect: [0, 3] })).toBe(failed)
  expect(asExpected('dracut', failed, { expect: 'any' })).toBe(failed)
})

test('a failure of a tool has everything that was printed, and a hint', () => {
  const thrown = (result: typeof failed, how = {}) => expect(() => asExpected('dracut', result, how))
  thrown(failed).toThrow(
    expect.objectContaining({
      problem: {
        code: 'tool-failed',
        message: 'dracut failed with exit code 3: no room left',
        detail: 'half of it\n\nfirst\nno room left',
        hint: 'The detail is what dracut says.',
      },
    }) as Error,
  )
  thrown({ ...failed, stdout: '', stderr: '' }, { hint: 'Try again.' }).toThrow(
    expect.objectContaining({
      problem: { code: 'tool-failed', message: 'dracut failed with exit code 3.', detail: null, hint: 'Try again.' },
    }) as Error,
  )
})
