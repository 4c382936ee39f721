import { describe, expect, it } from 'vitest'
import { coresOf, isPinned, pinningWords } from './pinning.ts'

const threads = [0, 1, 2, 3].map((id) => ({ id, core: String(id % 2) }))
const vcpus = (...allowed: number[][]) =>
  allowed.map((list, index) => ({ index, busyMs: 0, lastOn: list[0] ?? 0, allowed: list }))

describe('pinning', () => {
  it('groups threads by core', () => {
    expect(coresOf(threads).map((core) => core.map(({ id }) => id))).toEqual([
      [0, 2],
      [1, 3],
    ])
  })

  it.each([
    ['no vCPU is pinned', vcpus([0, 1, 2, 3], [0, 1, 2, 3]), /^Not pinned: each of the 2 vCPUs/u],
    ['each vCPU has a thread of its own', vcpus([1], [3]), /^Pinned: each of the 2 vCPUs/u],
    ['two vCPUs share a thread', vcpus([1], [1]), /^Confined: .*2 of them on one each/u],
    ['all vCPUs share some threads', vcpus([0, 2], [0, 2]), /^Confined: .*0 of them/u],
  ])('says so when %s', (_what, list, words) => {
    expect(pinningWords(list, threads)).toMatch(words)
    expect(isPinned(list, threads)).toBe(!words.source.startsWith('^Not'))
  })
})
