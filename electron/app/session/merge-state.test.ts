import { expect, it } from 'vitest'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import { mergeStates } from './merge-state.ts'
import { addVm, forgetVm, freshVm, selectVm } from './roster.ts'
import { FRESH_STATE, type SavedState } from './saved-state.ts'

const names = ({ choices, others }: SavedState) => [
  choices.definition.name,
  ...others.map(({ definition }) => definition.name).toSorted(),
]
const add = (state: SavedState, name: string): SavedState => ({ ...state, ...addVm(state, freshVm(name)) })
const select = (state: SavedState, name: string): SavedState => ({ ...state, ...selectVm(state, name) })
const memory = (state: SavedState, memoryMiB: number): SavedState => ({
  ...state,
  choices: { ...state.choices, definition: { ...state.choices.definition, memoryMiB } },
})
const PENDING = { step: 'boot', boot: 'b1', after: 'apply' } as const

it('One choice in a window keeps the VM and the due reboot that a command saved since', () => {
  const theirs = { ...add(FRESH_STATE, 'win'), pending: PENDING }
  const mine = { ...FRESH_STATE, choices: { ...FRESH_STATE.choices, bind: { live: false } } }
  const merged = mergeStates(FRESH_STATE, mine, theirs)
  expect(merged.pending).toEqual(PENDING)
  expect(merged.choices.bind).toEqual({ live: false })
  expect(names(merged)).toEqual(['designer', 'win'])
})

it('What was chosen for one VM stays that VM’s when a command selects another', () => {
  const base = add(FRESH_STATE, 'win')
  const merged = mergeStates(base, memory(base, 8192), select(base, 'win'))
  expect(merged.choices.definition).toMatchObject({ name: 'win', memoryMiB: null })
  expect(merged.others.map(({ definition }) => definition)).toMatchObject([{ name: 'designer', memoryMiB: 8192 }])
})

it('A VM added by each of two programs and one forgotten by the other leave the right ones', () => {
  const base = add(FRESH_STATE, 'old')
  const mine = select(add(base, 'mine'), 'mine')
  const theirs = { ...add(base, 'theirs'), ...forgetVm(add(base, 'theirs'), 'old') }
  expect(names(mergeStates(base, mine, theirs))).toEqual(['mine', 'designer', 'theirs'])
})

it('A VM that got another name is not there under both', () => {
  const renamed = {
    ...FRESH_STATE,
    choices: { ...FRESH_STATE.choices, definition: { ...FRESH_STATE.choices.definition, name: 'studio' } },
  }
  expect(names(mergeStates(FRESH_STATE, renamed, add(FRESH_STATE, 'win')))).toEqual(['studio', 'win'])
})

it('Of two choices of a card one wins as a whole, with its identity', () => {
  const card = (address: string, identity: string): SavedState => ({
    ...FRESH_STATE,
    choices: { ...FRESH_STATE.choices, cards: reserving(address, { identity, companions: [address] }) },
  })
  const mine = card('0000:04:00.0', 'mine')
  expect(mergeStates(FRESH_STATE, mine, card('0000:05:00.0', 'theirs')).choices.cards).toEqual(mine.choices.cards)
})

it('A state in which nothing was changed becomes what the other program saved', () => {
  const theirs = { ...memory(select(add(FRESH_STATE, 'win'), 'win'), 4096), pending: PENDING }
  expect(mergeStates(FRESH_STATE, FRESH_STATE, theirs)).toEqual(theirs)
  expect(mergeStates(FRESH_STATE, theirs, FRESH_STATE)).toEqual(theirs)
})
