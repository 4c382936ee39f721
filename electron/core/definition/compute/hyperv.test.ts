import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Enlightened, hypervProperties, withPrerequisites } from './hyperv.ts'

/** The prerequisites as QEMU's documentation states them, written down a second time. */
const RULES: readonly [string, readonly string[]][] = [
  ['hv-synic', ['hv-vpindex']],
  ['hv-stimer', ['hv-vpindex', 'hv-synic', 'hv-time']],
  ['hv-stimer-direct', ['hv-stimer']],
  ['hv-tlbflush', ['hv-vpindex']],
  ['hv-ipi', ['hv-vpindex']],
  ['hv-evmcs', ['hv-vapic']],
  ['hv-tlbflush-ext', ['hv-tlbflush']],
  ['hv-tlbflush-direct', ['hv-vapic']],
]
const FLAGS = [...new Set(RULES.flatMap(([flag, needed]) => [flag, ...needed])), 'hv-relaxed', 'hv-runtime']
const flags = fc.subarray(FLAGS)
/** Those of any KVM. */
const FIRST = [
  ...['hv-relaxed', 'hv-vapic', 'hv-spinlocks', 'hv-vpindex', 'hv-runtime', 'hv-synic', 'hv-time', 'hv-stimer'],
  ...['hv-stimer-direct', 'hv-frequencies', 'hv-tlbflush', 'hv-ipi', 'hv-reset'],
]
const ALL = [
  ...FIRST,
  ...['hv-evmcs', 'hv-emsr-bitmap', 'hv-tlbflush-direct', 'hv-tlbflush-ext', 'hv-xmm-input', 'hv-avic', 'hv-crash'],
  ...['hv-reenlightenment', 'hv-no-nonarch-coresharing', 'hv-syndbg', 'hv-enforce-cpuid', 'hv-passthrough'],
]

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

  const about = fc.record({
    vendor: fc.constantFrom('intel' as const, 'amd' as const),
    given: fc.option(fc.subarray(ALL)),
    apicv: fc.boolean(),
    pinned: fc.boolean(),
    apart: fc.boolean(),
  })

  it('are only those that QEMU has and KVM gives, still with every prerequisite', () => {
    fc.assert(
      fc.property(fc.subarray(ALL), about, (available, host) => {
        const names = hypervProperties(available, host).map((property) => property.split('=')[0] ?? '')
        expect(names.filter((name) => !available.includes(name))).toEqual([])
        expect(complete(names)).toBe(true)
        const untold = ['hv-spinlocks', 'hv-no-nonarch-coresharing']
        const ungiven = names.filter((name) => !(host.given ?? FIRST).includes(name) && !untold.includes(name))
        expect(ungiven).toEqual([])
      }),
    )
  })

  const of = (more: Partial<Enlightened> = {}) =>
    hypervProperties(ALL, { ...{ vendor: 'intel', given: ALL, apicv: true, pinned: false, apart: false }, ...more })

  it('are all that QEMU advises where KVM gives them, none for debugging or against dumps', () => {
    expect(of()).toEqual(expect.arrayContaining(['hv-evmcs=on', 'hv-emsr-bitmap=on', 'hv-xmm-input=on', 'hv-avic=on']))
    expect(of()).toEqual(expect.arrayContaining(['hv-stimer-direct=on', 'hv-tlbflush-ext=on', 'hv-tlbflush-direct=on']))
    expect(of().join(',')).not.toMatch(/crash|syndbg|passthrough|enforce/u)
  })

  it('leave evmcs to Intel, and avic to hosts whose interrupts need no way out of the guest', () => {
    expect(of({ vendor: 'amd' })).not.toContain('hv-evmcs=on')
    expect(of({ vendor: 'amd' })).toContain('hv-emsr-bitmap=on')
    expect(of({ given: ALL.filter((flag) => flag !== 'hv-evmcs') }).join(',')).not.toMatch(/emsr|tlbflush-direct/u)
    expect(of({ apicv: false })).not.toContain('hv-avic=on')
  })

  it('are those of any KVM where it could not be asked', () => {
    expect(of({ given: null }).join(',')).not.toMatch(/evmcs|xmm|avic|reenlightenment/u)
    expect(of({ given: null })).toContain('hv-synic=on')
  })

  it('tell of cores of the guest’s own where they are pinned, of no waiting where nobody else is', () => {
    expect(of()).toContain('hv-spinlocks=0x1fff')
    expect(of({ pinned: true })).toEqual(
      expect.arrayContaining(['hv-spinlocks=0x1fff', 'hv-no-nonarch-coresharing=on']),
    )
    expect(of({ pinned: true, apart: true }).join(',')).not.toContain('spinlocks')
    expect(of().join(',')).not.toContain('coresharing')
  })
})
