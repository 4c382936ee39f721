import { z } from 'zod'
import { vmName } from '../base/vm-name.ts'
import { findingCode } from './finding-codes.ts'
import { stepId } from './step-id.ts'

const findingStatus = z.enum(['pass', 'warn', 'fail', 'unknown', 'after-reboot'])
export type FindingStatus = z.infer<typeof findingStatus>

/** Where a judgement comes from: what kind of source, its name, and what it said (null: it does not exist). */
export const evidence = z.strictObject({
  kind: z.enum(['file', 'command', 'host', 'choice', 'proof']),
  source: z.string(),
  quote: z.string().nullable(),
})
export type Evidence = z.infer<typeof evidence>

/** What a button beside a finding does: has root read the boot menu, sets the journal aside, or shuts another VM down. */
const fixAction = z.union([z.enum(['read-closed', 'set-journal-aside']), z.strictObject({ shutDown: vmName })])

/** What to do about a finding: in words, and the step that does it, or what a button beside it does, if one does. */
const fix = z.strictObject({
  text: z.string(),
  step: stepId.nullable(),
  action: fixAction.nullable(),
})
export type Fix = z.infer<typeof fix>

/** A judgement on facts. `text` is one plain sentence. */
export const finding = z.strictObject({
  code: findingCode,
  /** Which of several findings with this code: an address, a path, the name of a VM; null: there is one. */
  about: z.string().nullable(),
  status: findingStatus,
  text: z.string(),
  evidence: z.array(evidence),
  fix: fix.nullable(),
})
export type Finding = z.infer<typeof finding>

/** The one-word state of a step. `blocked`: nothing this program can do fixes it. */
const verdictStatus = z.enum(['ok', 'needs-work', 'blocked', 'unknown', 'after-reboot'])
export type VerdictStatus = z.infer<typeof verdictStatus>

/** The state of a step in words, the same in window and terminal. */
export const VERDICT_LABELS: Readonly<Record<VerdictStatus, string>> = {
  ok: 'ok',
  'needs-work': 'needs work',
  blocked: 'blocked',
  unknown: 'unknown',
  'after-reboot': 'after reboot',
}

export const verdict = z.strictObject({ status: verdictStatus, text: z.string() })
export type Verdict = z.infer<typeof verdict>

/**
 * Returns what prevents a start: anything that fails in step 9 except the report itself, which only a started guest can
 * give.
 */
export function startBlocker(launch: readonly Finding[]): Finding | null {
  return launch.find(({ status, code }) => status === 'fail' && code !== 'guest-report') ?? null
}

/** Tells findings of one list apart. */
export function findingKey({ code, about }: Pick<Finding, 'code' | 'about'>): string {
  return about === null ? code : `${code} ${about}`
}
