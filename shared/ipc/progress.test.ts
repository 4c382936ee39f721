import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logJoined, logWith, type RunLog } from './progress.ts'

const NO_LOG: RunLog = { run: 0, first: 0, lines: [] }

test('the log is the same however lines are split into events, and has the newest 500', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { maxLength: 200 }), { maxLength: 8 }), (pieces) => {
      let [sent, shown] = [{ ...NO_LOG, run: 1 }, NO_LOG]
      for (const lines of pieces) {
        const news = { run: 1, first: sent.first + sent.lines.length, lines }
        sent = logWith(sent, lines)
        const joined = logJoined(shown, news)
        shown = joined ?? sent
      }
      const all = pieces.flat()
      expect(sent.lines).toEqual(all.slice(-500))
      expect(sent.first).toBe(Math.max(0, all.length - 500))
      if (pieces.length > 0) expect(shown.lines).toEqual(sent.lines)
    }),
  )
})

test('the log reports a gap, so that all of it is asked for, and starts over with a new run', () => {
  const shown = { run: 1, first: 0, lines: ['one'] }
  expect(logJoined(shown, { run: 1, first: 2, lines: ['three'] })).toBeNull()
  expect(logJoined(shown, { run: 2, first: 3, lines: ['x'] })).toBeNull()
  expect(logJoined(shown, { run: 2, first: 0, lines: ['new'] })).toEqual({ run: 2, first: 0, lines: ['new'] })
})
