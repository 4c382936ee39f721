import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from '../guest-bundle.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'

const WAYS = ['by hand', 'by unit', 'by app', 'by command', 'look'] as const

/** The middle one of an odd number. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

test('a VM is started by hand, as a unit and by the app in turn, and what each takes is printed', async () => {
  test.setTimeout(45 * 60_000)
  const script = await bundleGuest('units/start-cost-scenario')
  const run = await runInLab('start-cost', `exec node ${script} "$1"\n`, { limitMs: 40 * 60_000 })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)
  const took = Object.fromEntries(WAYS.map((way) => [way, z.array(z.number()).min(3).parse(notes.every(way))]))
  const hand = median(took['by hand'] ?? [])
  for (const way of WAYS) {
    const each = took[way] ?? []
    const middle = median(each)
    const all = each.map((ms) => Math.round(ms)).join(', ')
    console.log(`${way}: ${Math.round(middle)} ms (${all}), ${(middle / hand).toFixed(2)} of by hand`)
  }
})
