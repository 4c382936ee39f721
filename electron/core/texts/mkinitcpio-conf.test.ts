import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withModules } from './mkinitcpio-conf.ts'

describe('MODULES in mkinitcpio.conf', () => {
  it.each([
    ['MODULES=()\n', 'MODULES=(vfio_pci vfio vfio_iommu_type1)\n'],
    ['# MODULES=(a)\nMODULES=(i915) # mine\n', '# MODULES=(a)\nMODULES=(vfio_pci vfio vfio_iommu_type1 i915) # mine\n'],
    ['MODULES=(\n  amdgpu\n)\n', 'MODULES=(vfio_pci vfio vfio_iommu_type1\n  amdgpu\n)\n'],
    ['HOOKS=(base)', 'HOOKS=(base)\nMODULES=(vfio_pci vfio vfio_iommu_type1)\n'],
    ['MODULES=(vfio vfio-pci)\n', 'MODULES=(vfio vfio-pci)\n'],
  ])('%j', (before, after) => expect(withModules(before)).toBe(after))

  it('is changed once, and nothing else is', () => {
    const word = fc.stringMatching(/^[a-z0-9_]{1,8}$/u)
    fc.assert(
      fc.property(fc.array(word), fc.array(word), (modules, hooks) => {
        const text = `# c\nMODULES=(${modules.join(' ')})\nHOOKS=(${hooks.join(' ')})\n`
        const once = withModules(text)
        expect(withModules(once)).toBe(once)
        expect(once.split('\n').filter((line) => !text.includes(line))).toHaveLength(1)
        expect(once).toContain(` ${modules.join(' ')}`.trimEnd())
      }),
    )
  })
})
