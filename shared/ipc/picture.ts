import { z } from 'zod'

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const MOST_BYTES = 64_000_000

/** A PNG the window drew, of the topology or of the guest's screen; the size is bounded. */
export const pngPicture = z.instanceof(Uint8Array).refine(isPng, `not a PNG of at most ${MOST_BYTES} bytes`)

function isPng(bytes: Uint8Array): boolean {
  return bytes.length <= MOST_BYTES && PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)
}

/** A picture to be saved: SVG as text, PNG as bytes drawn from it. */
export const picture = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('svg'), text: z.string().startsWith('<svg ').max(8_000_000) }),
  z.strictObject({ kind: z.literal('png'), bytes: pngPicture }),
])
export type Picture = z.infer<typeof picture>
