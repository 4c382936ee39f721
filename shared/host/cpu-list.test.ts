import { expect, it } from 'vitest'
import { parseCpuList } from './cpu-list.ts'

it.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['0-1 4', [0, 1, 4]],
  ['5\n', [5]],
  ['', []],
  ['x', []],
  ['0-99999999', []],
])('list %j', (text, list) => {
  expect(parseCpuList(text)).toEqual(list)
})
