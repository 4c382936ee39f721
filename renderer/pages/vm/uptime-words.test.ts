import { expect, it } from 'vitest'
import { uptimeWords } from './uptime-words.ts'

const started = new Date(2026, 4, 5, 8, 0).toISOString()
const at = (hours: number, minutes: number) => new Date(2026, 4, 5, hours, minutes, 30).getTime()

it.each([
  [at(8, 0), /^Since [^,]+\.$/u],
  [at(8, 7), /, for 7 min\.$/u],
  [at(11, 20), /, for 3 h 20 min\.$/u],
  [at(8, 0) - 60_000, /^Since [^,]+\.$/u],
  [at(8, 0) + 2 * 86_400_000, /^Since .*2026.*, for 48 h 0 min\.$/u],
])('the uptime of %d seconds is worded', (now, words) => {
  expect(uptimeWords(started, now)).toMatch(words)
})
