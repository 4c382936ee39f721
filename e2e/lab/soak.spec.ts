import { env } from 'node:process'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { onlyOnce } from './machine.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const ROUNDS = Number(env['SOAK_ROUNDS'] ?? '50')
const INTEL = '8086'

const round = z.strictObject({
  number: z.number(),
  exitCodes: z.array(z.number()),
  seconds: z.array(z.number()),
  console: z.boolean(),
  source: z.string().nullable(),
  ended: z.string(),
  huge: z.number(),
  availableMiB: z.number(),
  left: z.array(z.string()),
})

/** Of 2 MiB each, for the 256 MiB of the guest. */
const HUGE_PAGES = 128

/** What a round must be; anything else is shown in its row. */
const GOOD = { huge: HUGE_PAGES, exitCodes: [0, 0, 0], console: true, source: 'agent', ended: 'off', left: [] }

function row({
  number,
  seconds,
  exitCodes,
  console: answers,
  source,
  huge,
  availableMiB,
  left,
}: z.infer<typeof round>) {
  const times = seconds.map((one) => one.toFixed(1).padStart(7)).join('')
  const clean = left.length === 0 ? 'nothing' : left.join(', ')
  return `${String(number).padStart(5)}${times}   ${exitCodes.join(' ')}   ${answers ? 'yes' : 'NO '}   ${String(source).padEnd(6)}${String(huge).padStart(6)}${String(availableMiB).padStart(7)}   ${clean}`
}

test(`${ROUNDS} rounds of start, console, proof and shut down leave nothing behind`, async () => {
  test.setTimeout((10 + ROUNDS * 3) * 60_000)
  const script = await bundleGuest('soak/soak-scenario')
  const lab = await runInLab('soak', onlyOnce(`exec node ${script} "$1" ${ROUNDS}\n`), {
    kernelArgs: 'intel_iommu=on',
    // One for the VM, set apart, and one for everything else.
    processors: 2,
    limitMs: (8 + ROUNDS * 3) * 60_000,
  })
  expect(lab.exitCode, lab.log.slice(-5000)).toBe(0)
  const notes = await Notes.of(lab.share)
  const rounds = z.array(round).parse(notes.every('round'))

  console.log('round  start  prove   stop   exits   console  proof by   huge   free   left behind')
  for (const one of rounds) console.log(row(one))
  const bad = rounds.filter((one) => !matches(one))
  const mean = [0, 1, 2].map((at) => rounds.reduce((sum, one) => sum + (one.seconds[at] ?? 0), 0) / rounds.length)
  console.log(
    `SOAK: ${rounds.length - bad.length} of ${ROUNDS} rounds without an error or a leak; mean ${mean.map((one) => one.toFixed(1)).join(' / ')} s`,
  )

  expect(z.looseObject({ left: z.array(z.string()) }).parse(notes.value('before')).left).toEqual([])
  expect(rounds).toHaveLength(ROUNDS)
  expect(bad).toEqual([])
  // The virtual processor on the second core, everything else on the first.
  const threads = Object.entries(z.record(z.string(), z.string()).parse(notes.value('affinities')))
  expect(threads.filter(([name]) => /^CPU 0\/KVM/u.test(name)).map(([, cpus]) => cpus)).toEqual(['1'])
  expect(new Set(threads.filter(([name]) => !/^CPU 0\/KVM/u.test(name)).map(([, cpus]) => cpus))).toEqual(
    new Set(['0']),
  )
  // Everything else keeps off the second core; that it has it back afterwards is part of each round.
  expect(notes.value('cpusets')).toEqual({
    ...{ 'init.scope': '0', 'system.slice': '0', 'user.slice': '0' },
    'passthroughstudio.slice': '0-1',
  })
  const proof = notes.verb('vm prove --json').stdout
  expect(proof).toContain(`"vendorId": "${INTEL}"`)
})

function matches(one: z.infer<typeof round>): boolean {
  const { huge, exitCodes, console: answers, source, ended, left } = one
  return JSON.stringify({ huge, exitCodes, console: answers, source, ended, left }) === JSON.stringify(GOOD)
}
