import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatKernelArgs, isEffective, kernelArgValues, missingArgs, parseKernelArgs } from './kernel-args.ts'

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}(=[A-Za-z0-9:,/.-]{0,8}|="[a-z ]{0,6}")?$/u)
const tokens = fc.array(token, { maxLength: 12 })

describe('kernel arguments', () => {
  it('are split with quoted blanks in one token', () => {
    expect(parseKernelArgs('a  b="x y"\tc')).toEqual(['a', 'b="x y"', 'c'])
  })

  it('are read as they were printed', () => {
    fc.assert(
      fc.property(tokens, (list) => {
        expect(parseKernelArgs(formatKernelArgs(list))).toEqual(list)
      }),
    )
  })

  it('have the last value of a key, and - equals _', () => {
    const args = parseKernelArgs('intel_iommu=off quiet intel-iommu=on')
    expect(kernelArgValues(args, 'intel_iommu')).toEqual(['off', 'on'])
    expect(isEffective(args, 'intel_iommu=on')).toBe(true)
    expect(isEffective(args, 'iommu=on')).toBe(false)
  })

  it('lack nothing after the missing ones were added', () => {
    const wanted = ['intel_iommu=on', 'iommu=pt']
    fc.assert(
      fc.property(tokens, (list) => {
        const missing = missingArgs(list, wanted)
        expect(missingArgs([...list, ...missing], wanted)).toEqual([])
      }),
    )
  })
})
