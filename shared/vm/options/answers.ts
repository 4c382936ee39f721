import { z } from 'zod'
import { editionId } from '../answers/editions.ts'
import { accountName, computerName, imageName } from '../answers/names.ts'
import { windowsLanguage, windowsRegion } from '../answers/places.ts'
import { windowsTimeZone } from '../answers/time-zones.ts'
import { absolutePath } from './files.ts'
import { blocked, optionTopic } from './topic.ts'

/** What of the driver disc is installed at the first logon, beside the drivers that Setup takes. */
export const guestSoftware = z.enum(['none', 'agent', 'tools'])
export type GuestSoftware = z.infer<typeof guestSoftware>

/** What Windows' Setup is told instead of asking. The account's password is no part of it: see ADR 24. */
export const setupAnswers = z.strictObject({
  edition: editionId.default('pro'),
  /** Name of an image of the disc that is called otherwise; it counts before the edition. */
  image: imageName.nullable().default(null),
  language: windowsLanguage.default('en-US'),
  region: windowsRegion.default('en-US'),
  /** By the country that has it. */
  keyboard: windowsRegion.default('en-US'),
  timeZone: windowsTimeZone.default('UTC'),
  computerName: computerName.default('WINDOWS-VM'),
  account: accountName.default('user'),
  software: guestSoftware.default('agent'),
  /** Files of this host with installers of these; null: they are not installed. */
  lookingGlass: absolutePath.nullable().default(null),
  sunshine: absolutePath.nullable().default(null),
})
export type SetupAnswers = z.infer<typeof setupAnswers>

/** Windows installs itself: a small disc answers its Setup. */
export const answers = optionTopic({
  definition: {
    /** Not there: Setup asks, as ever. */
    answers: setupAnswers.optional(),
  },
  choices: { answers: setupAnswers.nullable().default(null) },
  initial: {},
  view: {
    answers: z.strictObject({
      /** Whether the VM is one of Windows that is installed from a disc. */
      offered: z.boolean(),
      blocked,
      /** The name of the image that Setup would take. */
      image: z.string(),
    }),
  },
})
