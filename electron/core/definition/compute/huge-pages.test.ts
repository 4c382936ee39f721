import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { definition } from '#core/steps/definition/definition.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { HugePages } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'

function choices(part: Partial<Choices['definition']>): Choices {
  return choosing({ cards: reserving('0000:04:00.0'), definition: { memoryMiB: 8192, hugePages: true, ...part } })
}

function withPool(facts: Facts, pool: HugePages | null): Facts {
  return { ...facts, memory: { ...facts.memory, hugePages: pool } }
}

function complaint(facts: Facts, part: Partial<Choices['definition']> = {}): string | null {
  return (
    definition.check(situationOf(facts, choices(part))).find(({ code }) => code === 'definition-huge-pages')?.text ??
    null
  )
}

describe('a VM with huge pages', () => {
  it('is refused with a reason where the host or the memory size does not allow them', async () => {
    const facts = await paperFacts()
    expect(complaint(facts)).toBeNull()
    expect(complaint(withPool(facts, null))).toContain('no huge pages of 2 MiB')
    expect(complaint(facts, { memoryMiB: 8191 })).toContain('multiple of 2 MiB')
    expect(complaint(withPool(facts, null), { hugePages: false })).toBeNull()
  })

  it('of 1 GiB is refused with what to do where the kernel has not kept enough of them at boot', async () => {
    const facts = await paperFacts()
    const kept = (poolPages: number) => ({
      ...facts,
      memory: { ...facts.memory, gigantic: { poolPages, limit: 0, free: 0 } },
    })
    const gigantic = { hugePageMiB: 1024 } as const
    expect(complaint(facts, gigantic)).toContain('no huge pages of 1 GiB')
    expect(complaint(kept(7), gigantic)).toContain('has kept 7 of 8: add hugepagesz=1G hugepages=8 to its command line')
    expect(complaint(kept(8), gigantic)).toBeNull()
    expect(complaint(kept(9), { ...gigantic, memoryMiB: 8190 })).toContain('multiple of 1 GiB')
  })
})
