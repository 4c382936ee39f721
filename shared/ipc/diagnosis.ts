import { z } from 'zod'
import { stepId } from '../wizard/step-id.ts'

export const severity = z.enum(['blocker', 'error', 'warning', 'info'])
export type Severity = z.infer<typeof severity>

/** Who says it. `host` and `guest` say nothing by themselves: somebody sees it happen. */
export const said = z.enum([
  'kernel',
  'initramfs',
  'bootloader',
  'qemu',
  'libvirt',
  'shell',
  'guest',
  'windows',
  'looking-glass',
  'host',
])
export type Said = z.infer<typeof said>

/** One recognised failure. `line` is what gave it away, as it was read; null: the facts of this host did. */
const answer = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/u),
  where: said,
  severity,
  cause: z.string(),
  fix: z.string(),
  /** The step that fixes it, where one does. */
  step: stepId.nullable(),
  line: z.string().nullable(),
  /** What this host shows of it; says so when it cannot be checked. */
  evidenceHere: z.string(),
})
export type Answer = z.infer<typeof answer>

/** What a text was recognised as. Each group is one fault, its cause first; the most relevant group comes first. */
export const diagnosis = z.strictObject({
  /** What was read, and how much of it; null: no log could be read. */
  source: z.string().nullable(),
  /** What was left out or could not be read. */
  note: z.string().nullable(),
  groups: z.array(z.array(answer)),
})
export type Diagnosis = z.infer<typeof diagnosis>

export const diagnosisRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('vm-log') }),
  z.strictObject({ kind: z.literal('kernel-log') }),
])
export type DiagnosisRequest = z.infer<typeof diagnosisRequest>
