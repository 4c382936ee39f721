import { z } from 'zod'
import { answerDisc, DISC_TOOLS } from '#shared/vm/answers/answer-disc.ts'
import { absolutePath, kind } from './kind.ts'

/**
 * Makes the disc that answers Windows' Setup, for the VM's user alone. The account's password is not here: a change is
 * journalled, and everybody may read the journal.
 */
const makeAnswerDisc = z.strictObject({
  kind: z.literal('make-answer-disc'),
  path: absolutePath,
  tool: z.enum(DISC_TOOLS),
  disc: answerDisc,
  /** What the disc's files say, without the password. Root makes it once more and refuses any other. */
  text: z.string().max(65_536),
  uid: z.number().int().min(1),
  gid: z.number().int().min(1),
})

/** Takes that disc away again. What was on it is not kept, because of the password. */
const removeAnswerDisc = z.strictObject({
  kind: z.literal('remove-answer-disc'),
  path: absolutePath,
  uid: z.number().int().min(1),
})

export const answersKinds = {
  'make-answer-disc': kind({
    schema: makeAnswerDisc,
    text: ({ path }) => `Make ${path}, which answers Windows’ Setup`,
    script: ({ path, tool }) => [
      `# makes ${path} of these files and the account’s password by ${tool}; done by the app`,
    ],
    label: () => 'make the answer disc',
  }),
  'remove-answer-disc': kind({
    schema: removeAnswerDisc,
    text: ({ path }) => `Remove ${path}, with the password on it`,
    script: ({ path }) => [`# removes ${path} and the note beside it; done by the app`],
    label: () => 'remove the answer disc',
  }),
}
