import { describe, expect, it } from 'vitest'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { cardIn, factsWith, MODELS } from './hosts.fixture.ts'
import { decideMemory } from './memory.ts'

const LINUX = { ...DEFAULT_CHOICES.definition, profile: 'linux' } as const
const TWO = MODELS['two Xeon Gold 6226R']

describe('a VM’s memory', () => {
  it('is half of a host’s with one NUMA node, from wherever it lies', () => {
    expect(decideMemory(factsWith(TWO, [65_536]), LINUX, cardIn(0))).toEqual({
      value: { sizeMiB: 32_768, node: null },
      reason: 'Half of the host’s 65536 MiB: the card keeps all of it pinned.',
    })
  })

  it('is the card’s node’s of a host with several, and leaves a quarter of it', () => {
    expect(decideMemory(factsWith(TWO, [65_536, 65_536]), LINUX, cardIn(1))).toEqual({
      value: { sizeMiB: 49_152, node: 1 },
      reason:
        'Three quarters of a node’s memory: the card keeps all of it pinned. It comes from NUMA node 1, where the card is.',
    })
  })

  it('comes from several nodes where it was chosen larger than the card’s has', () => {
    const chosen = { ...LINUX, memoryMiB: 62_000 }
    expect(decideMemory(factsWith(TWO, [65_536, 65_536]), chosen, cardIn(1))).toEqual({
      value: { sizeMiB: 62_000, node: null },
      reason: 'As you chose. NUMA node 1, where the card is, has 65536 MiB, so it comes from several.',
    })
  })

  it('is of no certain node where the host does not tell the card’s', () => {
    for (const node of [null, -1])
      expect(decideMemory(factsWith(TWO, [65_536, 65_536]), LINUX, cardIn(node)).value.node).toBeNull()
  })
})
