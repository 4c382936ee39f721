import { z } from 'zod'
import { blocked, decision, optionTopic } from './topic.ts'

/** Sizes a shared picture (Looking Glass) is offered in, smallest first. */
export const PICTURE_SIZES = [
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
  { width: 5120, height: 2880 },
] as const

/** Looking Glass shares the guest's picture: its largest width and height. Older files have more to say, and may. */
const sharedPicture = z.object({
  width: z.number().int().min(640).max(15_360),
  height: z.number().int().min(480).max(8640),
})
export type SharedPicture = z.infer<typeof sharedPicture>

/** Ways out for the guest's picture other than the card's own connectors. */
export const screen = optionTopic({
  definition: {
    /** A screen of QEMU's own, for the installation, on a unix socket. */
    screen: z.boolean(),
    /** Screen, keyboard, mouse and clipboard for SPICE viewers, on a unix socket. */
    spice: z.boolean().default(false),
    lookingGlassMiB: z.number().int().nullable(),
    /** The shared picture lies behind /dev/kvmfr0 instead of in a file. */
    kvmfr: z.boolean().default(false),
  },
  choices: {
    screen: z.boolean().nullable(),
    spice: z.boolean().nullable().default(null),
    lookingGlass: sharedPicture.nullable(),
  },
  initial: { screen: null, lookingGlass: null },
  view: {
    screen: decision,
    spice: decision.extend({ blocked }),
    sharedPictureBlocked: blocked,
    sharedPictureMiB: z.number().int().nullable(),
    /** Where the shared picture lies. */
    sharedPicturePlace: z.string(),
  },
})
