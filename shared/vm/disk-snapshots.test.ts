import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameTrouble, roomTrouble, snapshotName } from './disk-snapshots.ts'

const fits = (name: string) => snapshotName.safeParse(name).success

describe('a snapshot’s name', () => {
  it('that is accepted is one plain word to a program, a directory and qemu-img', () => {
    const near = fc.oneof(fc.string(), fc.stringMatching(/^[-A-Za-z0-9._ /]{0,45}$/u))
    fc.assert(
      fc.property(near, (name) => {
        if (!fits(name)) return
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(40)
        expect(name).not.toMatch(/^[-.]|[\s/\\,='"$`\0]/u)
        // Else qemu-img takes it for one of its own numbers.
        expect(Number.isInteger(Number(name)) && /^\d+$/u.test(name)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('of letters, digits and three signs is accepted, up to 40 of them', () => {
    const word = fc
      .tuple(fc.stringMatching(/^[A-Za-z]$/u), fc.stringMatching(/^[A-Za-z0-9._-]{0,39}$/u))
      .map((parts) => parts.join(''))
    fc.assert(fc.property(word, (name) => fits(name)))
    expect(['a'.repeat(41), '', '7', '0012', '-a', '..', '.a', 'a b', 'ä', 'a/b', 'a\n'].filter(fits)).toEqual([])
    expect(['a', '7a', '2026-11-22', 'before-driver_551.2'].filter((name) => !fits(name))).toEqual([])
  })

  it('is not given twice', () => {
    expect(nameTrouble('a', ['a'])).toContain('already')
    expect(nameTrouble('a', ['b'])).toBeNull()
    expect(nameTrouble('12', [])).toContain('digits alone')
  })
})

describe('free space for a snapshot', () => {
  it('suffices when the image could be written a second time', () => {
    const size = (bytes: number) => `${bytes} B`
    expect(roomTrouble({ path: '/d', taken: 10, free: 10 }, size)).toBeNull()
    expect(roomTrouble({ path: '/d', taken: 10, free: 9 }, size)).toContain('9 B are free')
  })
})
