import { describe, expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import { problemOf } from '#shared/base/problem.ts'
import { HUGE_PAGE_LIMIT } from '#shared/facts/huge-pages.ts'
import { Executor } from '../executor.ts'

function apply(host: SimulatedHost, pages: number, limit = 0): Promise<void> {
  const plan = { id: 'launch-1', step: 'launch', rebootNeeded: false, risk: 'reversible', confirm: null } as const
  const change = { kind: 'reserve-huge-pages', pages, expected: { limit } } as const
  return new Executor(host, 0, () => undefined).apply({ ...plan, changes: [{ change, reason: '', before: null }] })
}

function undo(host: SimulatedHost): Promise<string[]> {
  return new Executor(host, 0, () => undefined).undo({ kind: 'all' }).then(({ notes }) => notes)
}

async function limitOf(host: SimulatedHost): Promise<string> {
  const result = await host.read(HUGE_PAGE_LIMIT)
  return result.kind === 'text' ? result.text : result.kind
}

describe('the limit of huge pages', () => {
  it('is raised, and restored by undo', async () => {
    const host = simulated()
    await apply(host, 8000)
    expect(await limitOf(host)).toBe('8000\n')
    expect(await undo(host)).toEqual([])
    expect(await limitOf(host)).toBe('0\n')
  })

  it('stays where somebody else set it since, and undo says so', async () => {
    const host = simulated()
    await apply(host, 8000)
    await host.writeAttribute(HUGE_PAGE_LIMIT, '9000\n')
    expect(await undo(host)).toEqual(['The limit of huge pages was set to 9000 by somebody else and stays.'])
    expect(await limitOf(host)).toBe('9000\n')
  })

  it('is gone after a reboot, and undo has nothing to say', async () => {
    const host = simulated()
    await apply(host, 8000)
    host.reboot()
    expect(await limitOf(host)).toBe('0\n')
    expect(await undo(host)).toEqual([])
  })

  it.each([
    ['it is not what the plan saw', 8000, 5, 'conflict'],
    ['the host has no such memory', 16_002, 0, 'refused'],
  ])('is not touched: %s', async (_why, pages, limit, code) => {
    const host = simulated()
    const failure = await apply(host, pages, limit).then(
      () => 'done',
      (thrown: unknown) => problemOf(thrown).code,
    )
    expect(failure).toBe(code)
    expect(await limitOf(host)).toBe('0\n')
  })
})
