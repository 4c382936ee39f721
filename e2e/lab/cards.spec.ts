import { env } from 'node:process'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { onlyOnce } from './machine.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const ROUNDS = Number(env['CARD_ROUNDS'] ?? '2')
const said = (words: string) => expect.stringContaining(words) as unknown

/** The login screen on the host's only card, as it has to be before and after everything. */
const BACK = {
  drivers: ['bochs-drm', 'snd_hda_intel'],
  loginScreen: 'active',
  onTheCard: ['Xorg'],
  console: true,
  taken: false,
}
const AWAY = { drivers: ['vfio-pci', 'vfio-pci'], loginScreen: 'inactive', onTheCard: [], console: false, taken: true }

/** A workstation with a login screen on its only card, on which the card goes and comes back as often; 0: among kills. */
async function workstation(name: string, rounds: number, minutes: number): Promise<Notes> {
  const script = await bundleGuest('cards-scenario')
  const run = await runInLab(name, onlyOnce(`exec node ${script} "$1" ${rounds}\n`), {
    flavour: 'desktop',
    kernelArgs: 'intel_iommu=on',
    limitMs: minutes * 60_000,
  })
  expect(run.exitCode, run.log.slice(-5000)).toBe(0)
  const notes = await Notes.of(run.share)
  expect(notes.value('before')).toEqual(BACK)
  return notes
}

test(`the only card goes to the VM and comes back, in ${ROUNDS} rounds`, async () => {
  const minutes = 25 + ROUNDS * 5
  test.setTimeout((minutes + 5) * 60_000)
  const rounds = (await workstation('cards', ROUNDS, minutes)).every('round')
  expect(rounds).toHaveLength(ROUNDS)
  for (const round of rounds) expect(round).toMatchObject({ exitCode: 0, stop: 0, during: AWAY, after: BACK, left: [] })
  const { functions } = z.looseObject({ functions: z.array(z.string()) }).parse(rounds[0])
  expect(functions.join('\n')).toContain('0x1234 0x1111')
})

test('the only card comes back after every kill', async () => {
  test.setTimeout(65 * 60_000)
  const notes = await workstation('cards-killed', 0, 60)

  await test.step('a program that nothing stops keeps the card with the host, and is named', () => {
    expect(notes.value('held')).toEqual({ exitCode: 2, stderr: said('which nothing here stops'), after: BACK_HELD })
  })

  await test.step('where QEMU was killed the picture comes back', () => {
    expect(notes.value('QEMU killed')).toEqual(BACK)
  })

  await test.step('where the app was killed, the VM comes up by itself or not at all', () => {
    const killed = notes.every('app killed')
    expect(killed).toHaveLength(4)
    for (const one of killed) expect(one).toMatchObject({ after: BACK })
    // Systemd had been asked for it by then, and nobody was there to let the guest go on.
    for (const one of killed.slice(2)) expect(one).toMatchObject({ began: true, reported: true })
  })

  await test.step('where the guest was not up after its minutes, the picture comes back by itself', () => {
    expect(notes.value('guest away')).toEqual({ exitCode: 0, during: AWAY, after: BACK })
  })

  await test.step('where the script was killed while it took the card, the picture comes back', () => {
    const killed = notes.every('take killed')
    expect(killed).toHaveLength(4)
    for (const one of killed) expect(one).toMatchObject({ after: BACK })
    expect(killed.some((one) => z.looseObject({ exitCode: z.number() }).parse(one).exitCode !== 0)).toBe(true)
  })
})

/** The same with the program that holds the card. */
const BACK_HELD = { ...BACK, onTheCard: expect.arrayContaining(['Xorg', 'sleep']) as unknown }
