import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendToVariable } from './shell-variable.ts'

describe('appending to a shell variable', () => {
  it('keeps comments, order and quotes', () => {
    const text = '# mine\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="rhgb quiet" # yours\n'
    expect(appendToVariable(text, 'GRUB_CMDLINE_LINUX', ['intel_iommu=on'])).toBe(
      '# mine\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="rhgb quiet intel_iommu=on" # yours\n',
    )
  })

  it('does not take GRUB_CMDLINE_LINUX_DEFAULT for GRUB_CMDLINE_LINUX', () => {
    const text = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n'
    expect(appendToVariable(text, 'GRUB_CMDLINE_LINUX', ['a=b'])).toBe(
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="a=b"\n',
    )
  })

  it('adds a line where the variable is missing', () => {
    expect(appendToVariable('A=1', 'B', ['x'])).toBe('A=1\nB="x"\n')
  })

  it('refuses a value it cannot extend safely', () => {
    expect(appendToVariable('B=$(cat x)\n', 'B', ['x'])).toBeNull()
  })

  it('puts a plain word into quotes', () => {
    expect(appendToVariable('B=quiet # why\nC=\n', 'B', ['x'])).toBe('B="quiet x" # why\nC=\n')
    expect(appendToVariable('C=\n', 'C', ['x'])).toBe('C="x"\n')
  })

  it('changes a single line', () => {
    const line = fc.stringMatching(/^[A-Z]{1,6}=("[a-z ]{0,8}")?$/u)
    fc.assert(
      fc.property(fc.array(line), (others) => {
        const text = [...others.filter((other) => !other.startsWith('B=')), 'B="x"', ''].join('\n')
        const after = (appendToVariable(text, 'B', ['y']) ?? '').split('\n')
        expect(after.filter((row, index) => row !== text.split('\n')[index])).toEqual(['B="x y"'])
      }),
    )
  })
})
