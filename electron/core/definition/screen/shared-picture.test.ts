import { describe, expect, it } from 'vitest'
import { sharedPictureMiB } from './shared-picture.ts'

describe('memory shared with Looking Glass', () => {
  it.each([
    [1920, 1080, false, 32],
    [2560, 1440, false, 64],
    [3840, 2160, false, 128],
    [3840, 2160, true, 256],
  ])('%i x %i, HDR %s: %i MiB, as its documentation has it', (width, height, hdr, size) => {
    expect(sharedPictureMiB({ width, height, hdr })).toBe(size)
  })
})
