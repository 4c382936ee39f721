import { z } from 'zod'

/** Names one line to a guest's screen; a line that was closed is never named again. */
export const screenId = z.number().int().min(1)

/** Bytes of the RFB protocol (RFC 6143), as QEMU and the viewer speak it. */
export const screenBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 1_048_576, 'at most 1 MiB')

/** Why there is nothing to open: nothing really runs here, or the VM has no screen but the card's. */
export const withoutScreen = z.enum(['simulated', 'card-only'])
export type WithoutScreen = z.infer<typeof withoutScreen>

/** An open line with the password that goes with it, or why there is none. */
export const screenLine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), id: screenId, password: z.string().nullable() }),
  z.strictObject({ kind: z.literal('none'), why: withoutScreen }),
])
export type ScreenLine = z.infer<typeof screenLine>
