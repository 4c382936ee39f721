import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { optionTopic } from './topic.ts'

/** The card, which step 4 chooses. */
export const card = optionTopic({
  definition: {
    /** Functions that are passed through, function 0 first. */
    functions: z.array(bdfAddress).min(1).max(8),
  },
  choices: {},
  initial: {},
  view: {},
})
