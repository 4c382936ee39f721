import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withHook, withModules } from './mkinitcpio-conf.ts'

describe('modules in mkinitcpio.conf', () => {
  it.each([
    ['put into an empty array', 'MODULES=()\n', 'MODULES=(vfio_pci vfio vfio_iommu_type1)\n'],
    [
      'put before others, past a comment',
      '# MODULES=(a)\nMODULES=(i915) # mine\n',
      '# MODULES=(a)\nMODULES=(vfio_pci vfio vfio_iommu_type1 i915) # mine\n',
    ],
    [
      'put into an array of several lines',
      'MODULES=(\n  amdgpu\n)\n',
      'MODULES=(vfio_pci vfio vfio_iommu_type1\n  amdgpu\n)\n',
    ],
    ['added where there is no array', 'HOOKS=(base)', 'HOOKS=(base)\nMODULES=(vfio_pci vfio vfio_iommu_type1)\n'],
    ['left alone where they are there', 'MODULES=(vfio vfio-pci)\n', 'MODULES=(vfio vfio-pci)\n'],
  ])('are %s', (_what, before, after) => expect(withModules(before)).toBe(after))

  it('are added once, and no other line changes', () => {
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

describe('the hook in mkinitcpio.conf', () => {
  it.each([
    ['put behind the others', 'HOOKS=(base udev)\n', 'HOOKS=(base udev passthrough-studio)\n'],
    ['put into the last array', 'HOOKS=(a)\nHOOKS=("b")\n', 'HOOKS=(a)\nHOOKS=("b" passthrough-studio)\n'],
    [
      'put before the bracket of an array of several lines',
      'HOOKS=(base # (all)\n  udev\n)\nFILES=()\n',
      'HOOKS=(base # (all)\n  udev\npassthrough-studio)\nFILES=()\n',
    ],
    [
      'put past a comment',
      '# HOOKS=(x)\nHOOKS=() # mine (not yours)\n',
      '# HOOKS=(x)\nHOOKS=(passthrough-studio) # mine (not yours)\n',
    ],
    ['added where there is no array', 'MODULES=()', 'MODULES=()\nHOOKS+=(passthrough-studio)\n'],
    ['left alone where it is', 'HOOKS=(base passthrough-studio fsck)\n', 'HOOKS=(base passthrough-studio fsck)\n'],
  ])('is %s', (_what, before, after) => {
    expect(withHook(before)).toBe(after)
    expect(withHook(after)).toBe(after)
  })

  it('is added once, and no other byte changes', () => {
    const word = fc.stringMatching(/^[a-z0-9_]{1,8}$/u)
    fc.assert(
      fc.property(fc.array(word), fc.array(word), (modules, hooks) => {
        const text = `# c\nMODULES=(${modules.join(' ')})\nHOOKS=(${hooks.join(' ')})\n`
        const once = withHook(text)
        expect(withHook(once)).toBe(once)
        expect(once.replace(/ ?passthrough-studio/u, '')).toBe(text)
      }),
    )
  })
})
