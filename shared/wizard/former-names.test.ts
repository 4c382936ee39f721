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
