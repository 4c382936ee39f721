import { describe, expect, it } from 'vitest'
import type { Facts, LogicalCpu } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { decidePinning, decideSetApart } from './pinning.ts'

const MACHINE = { ...DEFAULT_CHOICES.definition, profile: 'linux' } as const

/** Cores of two threads, thread n and n + cores in one core as Intel numbers them; half of them in each node. */
function topology(cores: number, nodes = 1): LogicalCpu[] {
  return Array.from({ length: cores * 2 }, (_, id) => {
    const core = id % cores
    return { id, core: `${core},${core + cores}`, cache: null, node: Math.floor((core * nodes) / cores) }
  })
}

function decide(cpus: LogicalCpu[], cores: number, more: { pin?: boolean; node?: number; threads?: number } = {}) {
  const { pin = null, node = null, threads = 2 } = more
  const card = { functions: [{ numaNode: node }] } as UnitView
  return decidePinning({ topology: cpus } as Facts, { ...MACHINE, pin }, card, { cores, threads })
}

describe('pinning', () => {
  it('gives whole cores, thread beside thread, and leaves the first core to the host', () => {
    expect(decide(topology(6), 4)).toEqual({
      value: { vcpus: [1, 7, 2, 8, 3, 9, 4, 10], emulator: [0, 5, 6, 11] },
      reason: 'Each virtual processor stays on its own; QEMU’s other threads and the host keep 2 cores.',
    })
  })

  it('keeps to the node of the card, with its first core only if need be', () => {
    expect(decide(topology(8, 2), 3, { node: 0 }).value?.vcpus).toEqual([1, 9, 2, 10, 3, 11])
    expect(decide(topology(8, 2), 4, { node: 0 }).value?.vcpus).toEqual([0, 8, 1, 9, 2, 10, 3, 11])
    expect(decide(topology(8, 2), 4, { node: 1 }).value?.emulator).toEqual([0, 1, 2, 3, 8, 9, 10, 11])
    expect(decide(topology(8, 2), 5, { node: 1 }).value?.vcpus).toEqual([1, 9, 2, 10, 3, 11, 4, 12, 5, 13])
  })

  it('is off where it makes no sense, unless it is chosen and a core stays with the host', () => {
    expect(decide(topology(2), 1)).toEqual({ value: null, reason: 'This host has 2 cores; pinning pays from 4.' })
    expect(decide(topology(2), 1, { pin: true }).value).toEqual({ vcpus: [1, 3], emulator: [0, 2] })
    expect(decide(topology(2), 2, { pin: true })).toMatchObject({
      value: null,
      reason: expect.stringContaining('2 of 2 cores cannot be set apart') as string,
    })
    expect(decide(topology(8), 2, { pin: false }).value).toBeNull()
    expect(decide([], 2, { pin: true }).value).toBeNull()
  })

  it('does not put two threads of a guest core on a core that has one', () => {
    const hybrid = topology(6).filter((cpu) => cpu.id !== 11)
    expect(decide(hybrid, 4).value?.vcpus).toEqual([1, 7, 2, 8, 3, 9, 4, 10])
    expect(decide(hybrid, 5).value?.vcpus).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10])
  })
})

describe('processors set apart', () => {
  const pinning = { vcpus: [1], emulator: [0] }
  const host = (systemd: boolean) => ({ network: { systemd } }) as Facts

  it('needs that it was chosen, pinned processors and systemd', () => {
    expect(decideSetApart(host(true), { setApart: true }, pinning)).toBe(true)
    expect(decideSetApart(host(true), { setApart: false }, pinning)).toBe(false)
    expect(decideSetApart(host(true), { setApart: true }, null)).toBe(false)
    expect(decideSetApart(host(false), { setApart: true }, pinning)).toBe(false)
  })
})
