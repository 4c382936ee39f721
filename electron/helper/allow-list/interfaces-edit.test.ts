import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { assertMethodWordsOnly, isInterfacesOfOthers } from './interfaces-edit.ts'

const PATH = OWN_FILES.interfaces
const BEFORE =
  'source /etc/network/interfaces.d/*\nauto eth0\n  iface eth0  inet dhcp \niface eth0 inet6 auto\n    mtu 9000\n'
const AFTER = BEFORE.replace('dhcp', 'manual').replace('auto\n    mtu', 'manual\n    mtu')

describe('an administrator’s interfaces file', () => {
  it.each([
    [PATH, true],
    ['/etc/network/interfaces.d/office', true],
    [OWN_FILES.interfacesBridge, false],
    ['/etc/network/interfaces.old', false],
  ])('%s: %s', (path, of) => expect(isInterfacesOfOthers(path)).toBe(of))

  it('may have its methods made manual, or stay', () => {
    expect(() => assertMethodWordsOnly(PATH, BEFORE, AFTER)).not.toThrow()
    expect(() => assertMethodWordsOnly(PATH, BEFORE, BEFORE)).not.toThrow()
  })

  it.each([
    ['a command', `${AFTER}    up /bin/sh -c id\n`],
    ['a command in place of an option', AFTER.replace('mtu 9000', 'up id')],
    ['another link', AFTER.replace('iface eth0', 'iface eth1')],
    ['another method', BEFORE.replace('dhcp', 'ppp')],
    ['a line less', AFTER.replace('auto eth0\n', '')],
    ['a word behind the method', BEFORE.replace('dhcp ', 'manual inherits x')],
  ])('may not get %s', (_what, after) => expect(() => assertMethodWordsOnly(PATH, BEFORE, after)).toThrow(ProblemError))

  it('is never made anew', () => expect(() => assertMethodWordsOnly(PATH, null, '')).toThrow(ProblemError))

  it('keeps every byte but the method, whatever is asked', () => {
    const line = fc.constantFrom(
      'iface a inet dhcp',
      'iface a inet manual',
      'iface b inet6 auto',
      'up id',
      'auto a',
      '',
      ' ',
    )
    const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
    const rest = (value: string): string => value.replaceAll(/^(iface \S+ \S+ )\S+$/gmu, '$1')
    fc.assert(
      fc.property(text, text, (before, after) => {
        try {
          assertMethodWordsOnly(PATH, before, after)
        } catch {
          return
        }
        expect(rest(after)).toBe(rest(before))
      }),
    )
  })
})
