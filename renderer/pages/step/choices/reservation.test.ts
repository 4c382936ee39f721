import { expect, it } from 'vitest'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { followLost, reservedUnits, toggled, withCompanion, withoutLost, withWhen } from './reservation.ts'

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

it('Units that moved by one place each are followed together, also by the VM that is shown', () => {
  const [x, y] = ['0000:04:00.0', '0000:05:00.0']
  const units = [
    ...(reserving(x, { identity: 'x', when: 'vm' }).units ?? []),
    ...(reserving(y, { identity: 'y' }).units ?? []),
  ]
  const choices = choosing({ cards: { units }, definition: { cards: [x], extraDevices: [y] } })
  const known = { choices, reserved: [] }
  const lost = [
    { address: x, identity: 'x', movedTo: y },
    { address: y, identity: 'y', movedTo: '0000:06:00.0' },
  ]
  const moved = followLost(known, lost)
  expect(moved.cards.units).toMatchObject([
    { address: y, identity: 'x', when: 'vm' },
    { address: '0000:06:00.0', identity: 'y' },
  ])
  expect(moved.definition).toMatchObject({ cards: [y], extraDevices: ['0000:06:00.0'] })
  expect(withoutLost(known, { address: y, identity: 'y', movedTo: null }).cards.units).toMatchObject([{ address: x }])
})
