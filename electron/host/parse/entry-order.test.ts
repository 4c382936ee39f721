import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, globFits, parsed, systemdOrder } from './entry-order.ts'

describe('version comparison', () => {
  it('follows the examples of the UAPI version format specification', () => {
    const rising = [
      '122.1',
      '123~rc1-1',
      '123',
      '123-a',
      '123-a.1',
      '123-1',
      '123-1.1',
      '123^post1',
      '123.a-1',
      '123.1-1',
      '123a-1',
      '124-1',
    ]
    expect([...rising].reverse().sort(compareVersions)).toEqual(rising)
  })

  it('is a total order', () => {
    const version = fc.stringMatching(/^[0-9a-c.~^-]{0,6}$/u)
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('the order of systemd-boot', () => {
  it('puts sort keys first, then newer versions', () => {
    const file = (name: string, text: string) => ({ path: `/efi/loader/entries/${name}.conf`, text })
    const files = [
      file('arch', 'title Arch\n'),
      file('zen', 'title Zen\n'),
      file('d-6.1.9', 'sort-key debian\nversion 6.1.9\n'),
      file('d-6.1.10', 'sort-key debian\nversion 6.1.10\n'),
    ]
    expect(systemdOrder(parsed(files)).map(({ entry }) => entry.id)).toEqual(['d-6.1.10', 'd-6.1.9', 'zen', 'arch'])
  })

  it('matches patterns regardless of case', () => {
    expect(globFits('Arch*', 'arch-lts.conf')).toBe(true)
    expect(globFits('arch.conf', 'archXconf')).toBe(false)
  })
})
