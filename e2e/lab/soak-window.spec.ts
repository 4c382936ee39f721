import { env } from 'node:process'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { onlyOnce } from './machine.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const ROUNDS = Number(env['SOAK_ROUNDS'] ?? '50')
const ROUND_MS = 5 * 60_000

const clicked = z.strictObject({
  number: z.number(),
  byTray: z.boolean(),
  seconds: z.number(),
  console: z.boolean(),
  proof: z.array(z.string()),
  problem: z.string().nullable(),
})
const looked = z.strictObject({ left: z.array(z.string()), availableMiB: z.number() })

function row(
  { number, byTray, seconds, console: answers }: z.infer<typeof clicked>,
  after?: z.infer<typeof looked>,
): string {
  const { availableMiB = 0, left = [] } = after ?? {}
  const cells = [String(number).padStart(5), byTray ? 'tray  ' : 'window', String(seconds).padStart(7)]
  const seen = [answers ? 'yes    ' : 'NO     ', String(availableMiB).padStart(5)]
  return [...cells, ...seen, left.length === 0 ? 'nothing' : left.join(', ')].join('  ')
}

test(`${ROUNDS} rounds by window and tray, each with a new VM, leave nothing behind`, async () => {
  test.setTimeout(20 * 60_000 + ROUNDS * ROUND_MS)
  const script = await bundleGuest('soak/soak-window-scenario')
  await bundleGuest('soak/soak-window-clicks')
  const lab = await runInLab('soak-window', onlyOnce(`exec node ${script} "$1" ${ROUNDS}\n`), {
    kernelArgs: 'intel_iommu=on',
    limitMs: 15 * 60_000 + ROUNDS * ROUND_MS,
  })
  const notes = await Notes.of(lab.share)
  const rounds = z.array(clicked).parse(notes.every('round'))
  const after = rounds.map(({ number }) => looked.parse(notes.value(`left ${number}`)))

  console.log('round  by      seconds  console   free   left behind')
  for (const [index, one] of rounds.entries()) console.log(row(one, after[index]))
  console.log(`SOAK (window and tray): ${rounds.length} of ${ROUNDS} rounds ended`)

  expect(lab.exitCode, JSON.stringify(notes.every('failure')) + lab.log.slice(-3000)).toBe(0)
  expect(rounds).toHaveLength(ROUNDS)
  const shown = rounds[0]?.proof
  expect(shown?.some((row) => row.includes('1234:1111'))).toBe(true)
  for (const [index, round] of rounds.entries()) {
    expect(round).toMatchObject({ console: true, problem: null, proof: shown })
    expect(after[index]).toMatchObject({ left: [] })
  }
})
