import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { definition } from '#core/steps/definition/definition.ts'
import { launch } from '#core/steps/launch/launch.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { HugePages } from '#shared/facts/huge-pages.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'

function choices(part: Partial<Choices['definition']>): Choices {
  return choosing({ cards: reserving('0000:04:00.0'), definition: { memoryMiB: 8192, hugePages: true, ...part } })
}

function withPool(facts: Facts, pool: HugePages | null): Facts {
  return { ...facts, memory: { ...facts.memory, hugePages: pool } }
}

/** The limit step 9 would set; null: none. */
function planned(facts: Facts, part: Partial<Choices['definition']> = {}): number | null {
  const found = launch.plan(situationOf(facts, choices(part))).changes.map(({ change }) => change)
  const change = found.find((one) => one.kind === 'reserve-huge-pages')
  return change?.kind === 'reserve-huge-pages' ? change.pages : null
}

function complaint(facts: Facts, part: Partial<Choices['definition']> = {}): string | null {
  return (
    definition.check(situationOf(facts, choices(part))).find(({ code }) => code === 'definition-huge-pages')?.text ??
    null
  )
}

describe('a VM with huge pages', () => {
  it('has step 9 let the kernel make as many as its memory takes', async () => {
    expect(planned(await paperFacts())).toBe(4096)
    expect(planned(await paperFacts(), { hugePages: false })).toBeNull()
  })

  it('has step 9 ask only for the pages that pool and limit do not give already', async () => {
    const facts = await paperFacts()
    expect(planned(withPool(facts, { poolPages: 1000, limit: 0, free: 1000 }))).toBe(3096)
    expect(planned(withPool(facts, { poolPages: 4096, limit: 0, free: 4096 }))).toBeNull()
    // While the VM runs all of them are in use.
    expect(planned(withPool(facts, { poolPages: 0, limit: 4096, free: 0 }))).toBeNull()
  })

  it('is refused with a reason where the host or the memory size does not allow them', async () => {
    const facts = await paperFacts()
    expect(complaint(facts)).toBeNull()
    expect(complaint(withPool(facts, null))).toContain('no huge pages of 2 MiB')
    expect(complaint(facts, { memoryMiB: 8191 })).toContain('multiple of 2 MiB')
    expect(complaint(withPool(facts, null), { hugePages: false })).toBeNull()
  })
})
