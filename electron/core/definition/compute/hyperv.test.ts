import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hypervProperties, withPrerequisites } from './hyperv.ts'

/** The prerequisites as QEMU's documentation states them, written down a second time. */
const RULES: readonly [string, readonly string[]][] = [
  ['hv-synic', ['hv-vpindex']],
  ['hv-stimer', ['hv-vpindex', 'hv-synic', 'hv-time']],
  ['hv-stimer-direct', ['hv-stimer']],
  ['hv-tlbflush', ['hv-vpindex']],
  ['hv-ipi', ['hv-vpindex']],
  ['hv-evmcs', ['hv-vapic']],
]
const FLAGS = [...new Set(RULES.flatMap(([flag, needed]) => [flag, ...needed])), 'hv-relaxed', 'hv-runtime']
const flags = fc.subarray(FLAGS)

function complete(list: readonly string[]): boolean {
  return RULES.every(([flag, needed]) => !list.includes(flag) || needed.every((name) => list.includes(name)))
}

describe('Hyper-V flags', () => {
  it('get every prerequisite, each once, and lose nothing', () => {
    fc.assert(
      fc.property(flags, (chosen) => {
        const closed = withPrerequisites(chosen)
        expect(complete(closed)).toBe(true)
        expect(closed).toEqual(expect.arrayContaining(chosen))
        expect(new Set(closed).size).toBe(closed.length)
        expect(withPrerequisites(closed).toSorted()).toEqual(closed.toSorted())
      }),
    )
  })

  it('are only those QEMU has, still with every prerequisite', () => {
    fc.assert(
      fc.property(flags, (available) => {
        const names = hypervProperties(available).map((property) => property.split('=')[0] ?? '')
        expect(names.filter((name) => !available.includes(name))).toEqual([])
        expect(complete(names)).toBe(true)
      }),
    )
  })

  it('are those QEMU advises where it has them all', () => {
    const all = [...FLAGS, 'hv-spinlocks', 'hv-frequencies', 'hv-reset']
    expect(hypervProperties(all)).toContain('hv-stimer-direct=on')
    expect(hypervProperties(all)).toContain('hv-spinlocks=0x1fff')
    expect(hypervProperties(all).join(',')).not.toContain('evmcs')
  })
})
