import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vmName } from '../base/vm-name.ts'
import { linkName, tapName } from './network.ts'

const names = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/u).filter((name) => vmName.safeParse(name).success)

describe('the tap of a VM', () => {
  it('has a name the kernel takes, whatever the VM is called', () => {
    fc.assert(
      fc.property(names, (name) => {
        const taps = [1, 2, 3, 4].map((card) => tapName(name, card))
        for (const tap of taps) expect(linkName.safeParse(tap).success).toBe(true)
        expect(new Set(taps).size).toBe(4)
      }),
    )
  })

  it('has its VM’s name where that fits, and differs for long names that begin alike', () => {
    expect(tapName('designer')).toBe('tap-designer')
    expect(tapName('windows-11a')).toBe('tap-windows-11a')
    expect(tapName('designer', 2)).toBe('tap2-designer')
    expect(tapName('windows-11-anna')).not.toBe(tapName('windows-11-bert'))
  })
})
