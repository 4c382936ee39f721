import { describe, expect, it } from 'vitest'
import { CHOICE_FIELDS } from '#shared/vm/options/options.ts'
import { sharedPictureMiB } from './shared-picture.ts'

describe('memory shared with Looking Glass', () => {
  it.each([
    [1920, 1080, 32],
    [2560, 1440, 64],
    // Three frames of the line's own length count here: two of them would fit into 64.
    [3840, 1600, 128],
    [3840, 2160, 128],
    [5120, 2160, 256],
    [5120, 2880, 256],
    [7680, 4320, 512],
  ])('%i x %i: %i MiB, as its documentation has it', (width, height, size) => {
    expect(sharedPictureMiB({ width, height })).toBe(size)
  })

  it('reads choices of before, which said more', () => {
    const { lookingGlass } = CHOICE_FIELDS
    expect(lookingGlass.parse({ width: 3840, height: 2160, hdr: true })).toEqual({ width: 3840, height: 2160 })
  })
})
