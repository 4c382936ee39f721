import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listText, parseList } from './number-list.ts'

describe('a list of processors as the kernel writes it', () => {
  it.each([
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['5', [5]],
    ['', []],
    ['x', []],
    ['0-99999999', []],
  ])('is read: %j', (text, list) => {
    expect(parseList(text)).toEqual(list)
  })

  it('is written so that it reads the same, in order', () => {
    expect(listText([9, 1, 2, 3, 3, 11])).toBe('1-3,9,11')
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 })), (numbers) => {
        expect(parseList(listText(numbers))).toEqual(numbers.toSorted((one, other) => one - other))
      }),
    )
  })
})
