import { expect, it } from 'vitest'
import { fewAtOnce } from './few-at-once.ts'

it('fewAtOnce respects its limit, returns results in order, and goes on after a failure', async () => {
  const turn = fewAtOnce(3)
  let running = 0
  let most = 0
  const begun: number[] = []
  const work = (id: number) =>
    turn(async () => {
      begun.push(id)
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      if (id % 4 === 0) throw new Error(`no ${id}`)
      return id
    })
  const ids = Array.from({ length: 20 }, (_, id) => id)
  const ends = await Promise.allSettled(ids.map(work))
  expect(most).toBe(3)
  expect(begun).toEqual(ids)
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(5)
})
