import { expect, it } from 'vitest'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { reservedUnits, toggled, withCompanion, withoutLost, withWhen } from './reservation.ts'

const CARD = ['0000:04:00.0', '0000:04:00.1']
const DISK = ['0000:07:00.0']
const decided = { address: '0000:04:00.0', name: 'Card', when: 'boot' as const, functions: CARD }

const nothingChosen = { choices: choosing({}), reserved: [decided] }

it('What was decided from evidence stays when another unit is chosen', () => {
  const { cards } = toggled(nothingChosen, '0000:07:00.0', DISK, true)
  expect(cards.units?.map(({ address, when }) => `${address} ${when}`)).toEqual([
    '0000:04:00.0 boot',
    '0000:07:00.0 boot',
  ])
})

it('The last unit can be dropped, and a unit is dropped by any of its functions', () => {
  expect(toggled(nothingChosen, '0000:04:00.0', CARD, false).cards.units).toEqual([])
  const choices = choosing({ cards: reserving('0000:04:00.1') })
  expect(toggled({ choices, reserved: [] }, '0000:04:00.0', CARD, false).cards.units).toEqual([])
})

it('How a unit is kept, and what goes along, is changed for that unit alone', () => {
  const both = { ...nothingChosen, choices: toggled(nothingChosen, '0000:07:00.0', DISK, true) }
  const later = { ...both, choices: withWhen(both, CARD, 'vm') }
  const along = { ...both, choices: withCompanion(later, CARD, '0000:04:00.2', true) }
  expect(reservedUnits(along)).toMatchObject([
    { when: 'vm', companions: ['0000:04:00.2'] },
    { when: 'boot', companions: [] },
  ])
  expect(reservedUnits({ ...both, choices: withCompanion(along, CARD, '0000:04:00.2', false) })).toMatchObject([
    { when: 'vm', companions: [] },
    { when: 'boot', companions: [] },
  ])
})

it('A unit that moved is followed by the VM that has it, and one that is gone is dropped', () => {
  const choices = choosing({
    cards: reserving('0000:04:00.0', { identity: 'of before', when: 'vm' }),
    definition: { cards: ['0000:04:00.0'] },
  })
  const moved = withoutLost({ choices, reserved: [] }, '0000:04:00.0', '0000:06:00.0')
  expect(moved.cards.units).toMatchObject([{ address: '0000:06:00.0', identity: null, when: 'vm' }])
  expect(moved.definition.cards).toEqual(['0000:06:00.0'])
  expect(withoutLost({ choices, reserved: [] }, '0000:04:00.0', null).cards.units).toEqual([])
})
