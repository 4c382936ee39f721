import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureKind } from './picture-kind.ts'

const BLACK = 0xff000000
const GREY = 0xffaaaaaa

/** A black picture with grey rows. */
function picture(width: number, height: number, rows: readonly number[]) {
  const pixels = new Uint32Array(width * height).fill(BLACK)
  for (const row of rows) pixels.fill(GREY, row * width + 4, row * width + 9)
  return { data: new Uint8ClampedArray(pixels.buffer), width, height }
}

describe('the kind of a picture', () => {
  it('is blank in any single colour', () => {
    const one = fc.record({
      width: fc.integer({ min: 10, max: 80 }),
      height: fc.integer({ min: 1, max: 60 }),
      colour: fc.nat(),
    })
    fc.assert(
      fc.property(one, ({ width, height, colour }) => {
        const data = new Uint8ClampedArray(new Uint32Array(width * height).fill(colour).buffer)
        expect(pictureKind({ data, width, height })).toBe('blank')
      }),
    )
  })

  it.each([
    [640, 480, 224],
    [1280, 800, 384],
    [1024, 768, 368],
  ])('is a notice where QEMU draws its one line (%i x %i)', (width, height, top) => {
    expect(pictureKind(picture(width, height, [top + 3, top + 12]))).toBe('notice')
  })

  it('is a picture with text at the top, with two lines, or with a tall one', () => {
    expect(pictureKind(picture(720, 400, [3, 12]))).toBe('picture')
    expect(pictureKind(picture(640, 480, [227, 300]))).toBe('picture')
    expect(pictureKind(picture(640, 480, [225, 250]))).toBe('picture')
  })
})
