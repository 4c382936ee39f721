import { describe, expect, it } from 'vitest'
import { execWord } from './autostart.ts'

/** What a desktop makes of a word (desktop entry specification): the value's escapes first, then the quotes. */
function read(word: string): string {
  const value = word.replaceAll('\\\\', '\\')
  const inside = /^"(.*)"$/u.exec(value)?.[1] ?? ''
  return inside.replaceAll(/\\(["`$\\])/gu, '$1').replaceAll('%%', '%')
}

describe('an argument on an Exec line', () => {
  for (const word of [
    '/usr/bin/passthrough-studio',
    '/home/a b/100%/x',
    '/home/$HOME/"q"/`w`',
    String.raw`/home/back\slash`,
  ]) {
    it(`${word} is read as itself`, () => {
      expect(read(execWord(word))).toBe(word)
    })
  }
})
