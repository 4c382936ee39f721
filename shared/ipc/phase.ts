import { z } from 'zod'
import { problem } from '../base/problem.ts'
import { stepId } from '../wizard/step-id.ts'

/** What the wizard is doing. One union, owned by main, saved on each change, mirrored by the window. */
export const phase = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('checking'), step: stepId.nullable() }),
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({
    kind: z.literal('applying'),
    step: stepId,
    done: z.number().int(),
    total: z.number().int(),
    text: z.string(),
  }),
  z.strictObject({ kind: z.literal('verifying'), step: stepId }),
  z.strictObject({ kind: z.literal('needs-reboot'), step: stepId, boot: z.string(), after: z.enum(['apply', 'undo']) }),
  z.strictObject({ kind: z.literal('undoing'), step: stepId.nullable(), text: z.string() }),
  z.strictObject({ kind: z.literal('failed'), step: stepId.nullable(), problem }),
  z.strictObject({ kind: z.literal('done') }),
])
export type Phase = z.infer<typeof phase>

/** Returns whether an action is under way, during which nothing else can be asked for. */
export function isWorking({ kind }: Phase): boolean {
  return kind === 'checking' || kind === 'applying' || kind === 'verifying' || kind === 'undoing'
}
