/** QEMU's own notice is set in its 8x16 console font (ui/console.c, qemu_create_placeholder_surface). */
const LINE_HEIGHT = 16

/** What a guest's screen shows: something, nothing at all, or QEMU's one line that the guest draws nothing. */
export type PictureKind = 'picture' | 'blank' | 'notice'

/**
 * Tells a picture from none. A blank one has a single colour; QEMU's notice ("Display output is not active.", "Guest
 * has not initialized the display (yet).") is one line of text in the middle of black. A boot screen has text
 * elsewhere.
 */
export function pictureKind({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): PictureKind {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height)
  const ground = pixels[0]
  let [first, last] = [-1, -1]
  for (let row = 0; row < height; row += 1) {
    if (pixels.subarray(row * width, (row + 1) * width).every((pixel) => pixel === ground)) continue
    if (first < 0) first = row
    last = row
  }
  if (first < 0) return 'blank'
  const middle = height / 2
  return first >= middle - LINE_HEIGHT && last < middle + LINE_HEIGHT && last - first < LINE_HEIGHT
    ? 'notice'
    : 'picture'
}
