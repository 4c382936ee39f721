import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { atStart, comeBackMinutes, expectedFunction, serviceName } from './at-start.ts'
import { blocked, optionTopic } from './topic.ts'

/** Which of the units that step 4 reserves the VM takes. */
export const card = optionTopic({
  definition: {
    /** Functions of the VM's first unit, as a rule its card, function 0 first; others are among the further devices. */
    functions: z.array(bdfAddress).min(1).max(64),
    /** What the VM's start takes from the host's drivers, and its end gives back; not there: nothing. */
    atStart: atStart.optional(),
    /** Functions that are kept from the host whether the VM runs or not, as they have to be found at its start. */
    held: z.array(expectedFunction).max(128).optional(),
  },
  choices: {
    /** Cards, by their address. Null: the first that no other VM has. */
    cards: z.array(bdfAddress).max(16).nullable().default(null),
    /** Services that are stopped for what the VM takes at its start. */
    stopAtStart: z.array(serviceName).max(16).default([]),
    comeBackMinutes: comeBackMinutes.default(null),
  },
  initial: {},
  view: {
    /** Units that are reserved, and others it was given; `taken`: it has them. */
    units: z.array(
      z.strictObject({
        address: bdfAddress,
        kind: z.enum(['card', 'device']),
        functions: z.array(bdfAddress),
        title: z.string(),
        text: z.string(),
        taken: z.boolean(),
        blocked,
      }),
    ),
    /** What the VM takes from the host's drivers at its start; null: nothing. */
    atStart: z
      .strictObject({
        /** The units by name. */
        title: z.string(),
        services: z.array(z.strictObject({ id: z.string(), text: z.string() })),
        /** The host has no other screen meanwhile. */
        onlyScreen: z.boolean(),
      })
      .nullable(),
  },
})
