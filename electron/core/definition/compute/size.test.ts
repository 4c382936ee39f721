import { describe, expect, it } from 'vitest'
import type { Facts, LogicalCpu } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { decideProcessors } from './size.ts'

const MACHINE = { ...DEFAULT_CHOICES.definition, profile: 'linux' } as const

/** `nodes` NUMA nodes of `cores` cores with `threads` each. */
function topology(nodes: number, cores: number, threads: number): LogicalCpu[] {
  return Array.from({ length: nodes * cores * threads }, (_, id) => {
    const core = Math.floor(id / threads)
    const node = Math.floor(core / cores)
    return { id, core: `core ${core}`, cache: `cache ${node}`, node }
  })
}

function decide(cpus: Facts['topology'], node: number | null, vcpus: number | null = null) {
  const facts = { topology: cpus, cpu: { threads: 8 } } as Facts
  const card = { functions: [{ numaNode: node }] } as UnitView
  return decideProcessors(facts, { ...MACHINE, vcpus }, card)
}

describe('processors', () => {
  it('are whole cores with the host’s threads, and the host keeps two', () => {
    expect(decide(topology(1, 14, 2), 0)).toEqual({
      value: { cores: 12, threads: 2 },
      reason: '12 of 14 cores, 2 threads each as on the host; 2 stay with the host.',
    })
  })

  it('are those of the card’s NUMA node, because the other node stays with the host', () => {
    expect(decide(topology(2, 8, 1), 1)).toEqual({
      value: { cores: 8, threads: 1 },
      reason: 'The cores of NUMA node 1, where the card is.',
    })
  })

  it('leave a small host one core, and never come to none', () => {
    expect(decide(topology(1, 4, 2), null).value).toEqual({ cores: 3, threads: 2 })
    expect(decide(topology(1, 1, 2), null).value).toEqual({ cores: 1, threads: 2 })
  })

  it('say so where the topology is not known', () => {
    expect(decide({ unknown: 'hidden' }, 0)).toMatchObject({ value: { cores: 6, threads: 1 } })
  })

  it('follow a chosen number, in pairs where it is even', () => {
    expect(decide(topology(1, 8, 2), 0, 6).value).toEqual({ cores: 3, threads: 2 })
    expect(decide(topology(1, 8, 2), 0, 5).value).toEqual({ cores: 5, threads: 1 })
  })
})
