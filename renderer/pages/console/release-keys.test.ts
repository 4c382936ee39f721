import { describe, expect, it } from 'vitest'
import { ReleaseKeys } from './release-keys.ts'

/** `+Control` is a key going down, `-Control` one coming up. Which of them ends the chord. */
function ends(...events: string[]): boolean[] {
  const keys = new ReleaseKeys()
  return events.map((event) => keys.saw({ type: event.startsWith('+') ? 'keydown' : 'keyup', key: event.slice(1) }))
}

describe('the chord that gives the keyboard back', () => {
  it('is Ctrl and Alt alone, in any order, once both are up', () => {
    expect(ends('+Control', '+Alt', '-Alt', '-Control')).toEqual([false, false, false, true])
    expect(ends('+Alt', '+Control', '+Control', '-Alt', '-Control')).toEqual([false, false, false, false, true])
  })

  it('is neither a longer chord nor one of the two keys', () => {
    expect(ends('+Control', '+Alt', '+Delete', '-Delete', '-Alt', '-Control')).not.toContain(true)
    expect(ends('+Control', '-Control', '+Alt', '-Alt')).not.toContain(true)
    expect(ends('+a', '+Control', '+Alt', '-Alt', '-Control', '-a')).not.toContain(true)
  })

  it('starts over once the keyboard was lost', () => {
    const keys = new ReleaseKeys()
    keys.saw({ type: 'keydown', key: 'a' })
    keys.forget()
    for (const key of ['Control', 'Alt']) keys.saw({ type: 'keydown', key })
    keys.saw({ type: 'keyup', key: 'Alt' })
    expect(keys.saw({ type: 'keyup', key: 'Control' })).toBe(true)
  })
})
