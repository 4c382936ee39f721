import { expect, test } from 'vitest'
import { choices, DEFAULT_CHOICES } from './choices.ts'
import { stored, storedStepId } from './former-names.ts'

test('choices stored under former names are read under the present ones', () => {
  const { cards, definition, ...rest } = DEFAULT_CHOICES
  expect(stored(choices).parse({ ...rest, gpu: cards, machine: definition })).toEqual(DEFAULT_CHOICES)
  expect(stored(choices).parse(DEFAULT_CHOICES)).toEqual(DEFAULT_CHOICES)
})

test('a step stored under its former name is read as the present one, an unknown one refused', () => {
  expect(['gpu', 'machine', 'launch'].map((id) => storedStepId.parse(id))).toEqual(['cards', 'definition', 'launch'])
  expect(storedStepId.safeParse('sudo').success).toBe(false)
})

test('a single card of before is read as one reserved unit, bound at each boot or until the next', () => {
  const former = (cards: unknown, atBoot: boolean) =>
    stored(choices).parse({ ...DEFAULT_CHOICES, cards, bind: { atBoot, live: false } })
  const chosen = { address: '0000:04:00.0', identity: '10de:13f1 - 0000:00:03.0/00.0', companions: ['0000:05:00.0'] }
  expect(former(chosen, true)).toMatchObject({ cards: { units: [{ ...chosen, when: 'boot' }] }, bind: { live: false } })
  expect(former({ address: '0000:04:00.0' }, false).cards.units).toEqual([
    { address: '0000:04:00.0', identity: null, companions: [], when: 'now' },
  ])
  expect(former({ address: null }, true).cards.units).toBeNull()
})
