import { describe, expect, it } from 'vitest'
import { NEVER, type Stop } from '#helper/ending/stop.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { executor, planOf, stateOf, upTo } from './paper-steps.fixture.ts'
import { CHANGING } from './walk.ts'

const ENOUGH = 1000

/** Applies a step that is told to end before its n-th effect. Null: it was done before that; else how it ended. */
async function toldAt(host: SimulatedHost, id: StepId, effect: number): Promise<'whole' | 'taken back' | null> {
  const plan = await planOf(host, id)
  let effects = 0
  let by: Stop['by'] = null
  host.beforeEffect = () => {
    effects += 1
    if (effects === effect) by = 'SIGTERM'
  }
  const stop: Stop = {
    get by() {
      return by
    },
    asked: NEVER.asked,
  }
  const end = await executor(host, stop)
    .apply(plan)
    .then(
      () => 'whole' as const,
      (thrown: unknown) => {
        expect(problemOf(thrown).code).toBe('interrupted')
        return 'taken back' as const
      },
    )
  host.beforeEffect = () => undefined
  return effects < effect ? null : end
}

/** Tools hang with what they started from the n-th effect on, and are ended by their limit. False: none did. */
async function hangingFrom(host: SimulatedHost, id: StepId, effect: number): Promise<boolean> {
  const plan = await planOf(host, id)
  let [effects, hung] = [0, 0]
  host.beforeEffect = (what) => {
    effects += 1
    if (effects < effect || !what.startsWith('run ')) return
    hung += 1
    throw new ProblemError('tool-failed', `${what} took longer than 900 s and was ended.`, { hint: 'Try once more.' })
  }
  await executor(host)
    .apply(plan)
    .catch(() => undefined)
  host.beforeEffect = () => undefined
  return hung > 0
}

describe('a helper told to end at any moment', () => {
  it.each(CHANGING)('of step %s has taken all of it back when it ends, or has made all of it', async (id) => {
    const visited = { whole: 0, 'taken back': 0 }
    for (let effect = 1; effect < ENOUGH; effect += 1) {
      const host = await upTo(id)
      const before = await stateOf(host)
      const end = await toldAt(host, id, effect)
      if (end === null) break
      visited[end] += 1
      if (end === 'whole') await executor(host).undo({ kind: 'step', step: id, vm: null })
      expect(await stateOf(host), `told before effect ${effect}, ${end}`).toBe(before)
      expect((await executor(host).journal.entries()).filter(({ after }) => after === null)).toEqual([])
    }
    const { whole, 'taken back': back } = visited
    console.log(`crash walk, step ${id} told to end: ${whole + back} points, ${back} taken back, none lost a byte`)
    expect(back).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(0)
  })
})

describe('tools that hang with what they have started, from any moment on', () => {
  it.each(['boot', 'bind', 'network'] as const)('in step %s lose nothing once they run again', async (id) => {
    let visited = 0
    for (let effect = 1; effect < ENOUGH; effect += 1) {
      const host = await upTo(id)
      const before = await stateOf(host)
      if (!(await hangingFrom(host, id, effect))) break
      visited += 1
      expect((await executor(host).undo({ kind: 'step', step: id, vm: null })).left).toEqual([])
      expect(await stateOf(host), `tools hung from effect ${effect}`).toBe(before)
    }
    console.log(`crash walk, step ${id} with tools that hang: ${visited} points, none lost a byte`)
    expect(visited).toBeGreaterThan(2)
  })
})
