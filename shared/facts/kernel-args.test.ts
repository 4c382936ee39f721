import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatKernelArgs, isEffective, kernelArgValues, missingArgs, parseKernelArgs } from './kernel-args.ts'

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}(=[A-Za-z0-9:,/.-]{0,8}|="[a-z ]{0,6}")?$/u)
const tokens = fc.array(token, { maxLength: 12 })

describe('kernel arguments', () => {
  it('keeps quoted blanks in one token', () => {
    expect(parseKernelArgs('a  b="x y"\tc')).toEqual(['a', 'b="x y"', 'c'])
  })

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(tokens, (list) => {
        expect(parseKernelArgs(formatKernelArgs(list))).toEqual(list)
      }),
    )
  })

  it('knows that the last value wins and that - equals _', () => {
    const args = parseKernelArgs('intel_iommu=off quiet intel-iommu=on')
    expect(kernelArgValues(args, 'intel_iommu')).toEqual(['off', 'on'])
    expect(isEffective(args, 'intel_iommu=on')).toBe(true)
    expect(isEffective(args, 'iommu=on')).toBe(false)
  })

  it('after adding what is missing nothing is missing, whatever stood there before', () => {
    const wanted = ['intel_iommu=on', 'iommu=pt']
    fc.assert(
      fc.property(tokens, (list) => {
        const missing = missingArgs(list, wanted)
        expect(missingArgs([...list, ...missing], wanted)).toEqual([])
      }),
    )
  })
})
