import { describe, expect, it } from 'vitest'
import { nixLines, nixList, nixString } from './nix-text.ts'
import { readNix } from './read-nix.fixture.ts'

/** What Nix would take for something else: an interpolation, the end of a string, an escape. */
const HARD = [
  '${x}',
  '"',
  "''",
  "'",
  '\\',
  '$',
  '$${',
  "'''",
  "''${a}''",
  'a"b\\"c',
  "''\\n",
  '\t',
  'plain',
  '$$${',
  "'${",
]

/** Every two of them in a row, and each alone. */
const TEXTS = HARD.flatMap((first) => [first, ...HARD.map((second) => first + second)])

describe('a text in the Nix language', () => {
  it('is read back as it was from double quotes', () => {
    for (const text of TEXTS) expect(readNix(nixString(text)), text).toEqual([text])
    expect(readNix(nixString('a\nb'))).toEqual(['a\nb'])
  })

  it('is read back as it was from several lines', () => {
    for (const text of TEXTS.filter((one) => one !== '\t' && !one.startsWith('\t'))) {
      const lines = `echo ${text}\n\n  ${text} end\n`
      expect(readNix(nixLines(lines, '    ')), text).toEqual([lines])
    }
  })

  it('is a list of several', () => {
    expect(readNix(nixList(TEXTS))).toEqual(TEXTS)
    expect(nixList([])).toBe('[ ]')
  })
})
