import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKernelArgs } from '../kernel-args.ts'
import { addEntryOptions, editCmdlineFile, parseCmdlineFile, parseLoaderEntry } from './loader-entry.ts'

const token = fc.stringMatching(/^[a-z][a-z0-9_.]{0,8}(=("[a-z ]{1,6}"|[a-z0-9,:]{1,8}))?$/u)
const blank = fc.constantFrom(' ', '\t', '  ')
const comment = fc.stringMatching(/^# ?[a-z ]{0,10}$/u)
const other = fc.oneof(comment, fc.constant(''), fc.constant('linux /vmlinuz'), fc.constant('initrd /initrd.img'))
const optionsLine = fc
  .tuple(blank, fc.array(token, { minLength: 1, maxLength: 4 }), fc.constantFrom('', ' ', '\r'))
  .map(([gap, tokens, end]) => `options${gap}${tokens.join(' ')}${end}`)
const lines = fc.array(fc.oneof(other, optionsLine), { maxLength: 8 })

describe('a boot loader entry', () => {
  it('is parsed with several options lines, comments and a boot counter in its name', () => {
    const text =
      '# mine\ntitle\tDebian 12\nversion 6.1\nsort-key debian\noptions root=/dev/sda1 ro\noptions  quiet\ninitrd /a\ninitrd /b\n'
    expect(parseLoaderEntry('/efi/loader/entries/deb-6.1+3-1.conf', text)).toEqual({
      id: 'deb-6.1',
      title: 'Debian 12',
      version: '6.1',
      sortKey: 'debian',
      machineId: '',
      options: 'root=/dev/sda1 ro quiet',
      initrds: ['/a', '/b'],
    })
  })

  it('gains arguments at the end of its last options line', () => {
    const text = 'options a\n# why\noptions b="c d"\r\nlinux /x\n'
    expect(addEntryOptions(text, ['e=f'])).toBe('options a\n# why\noptions b="c d" e=f\r\nlinux /x\n')
  })

  it('gains a line where it has none', () => {
    expect(addEntryOptions('linux /x', ['a'])).toBe('linux /x\noptions a\n')
  })

  it('keeps order, quotes, comments and every other line, and gains exactly what was asked for', () => {
    fc.assert(
      fc.property(lines, fc.array(token, { minLength: 1, maxLength: 3 }), (rows, added) => {
        const text = `${rows.join('\n')}\n`
        const after = addEntryOptions(text, added)
        const options = (of: string) => parseKernelArgs(parseLoaderEntry('x.conf', of).options)
        expect(options(after)).toEqual([...options(text), ...added])
        const rowsBefore = text.split('\n')
        expect(after.split('\n').filter((row) => !rowsBefore.includes(row)).length).toBeLessThanOrEqual(1)
        for (const row of rows.filter((candidate) => !candidate.startsWith('options')))
          expect(after.split('\n')).toContain(row)
      }),
    )
  })
})

describe('a command line file', () => {
  it('keeps comments and the missing newline at its end', () => {
    expect(editCmdlineFile('# root\nroot=UUID=1 ro', { add: ['a=b'], remove: [] })).toBe('# root\nroot=UUID=1 ro a=b')
  })

  it('gains exactly what was asked for', () => {
    const row = fc.oneof(
      comment,
      fc.constant(''),
      fc.array(token, { minLength: 1, maxLength: 5 }).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.array(token, { minLength: 1, maxLength: 3 }), (rows, added) => {
        const text = rows.join('\n')
        const after = editCmdlineFile(text, { add: added, remove: [] })
        expect(parseCmdlineFile(after)).toEqual([...parseCmdlineFile(text), ...added])
        const before = text.split('\n')
        expect(after.split('\n').filter((line) => before.includes(line)).length).toBeGreaterThanOrEqual(
          before.length - 1,
        )
      }),
    )
  })
})
