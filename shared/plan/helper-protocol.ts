import { z } from 'zod'
import { problem } from '../base/problem.ts'
import { vmName } from '../base/vm-name.ts'
import { accountPassword } from '../vm/answers/names.ts'
import type { StepId } from '../wizard/step-id.ts'
import { openedMenu } from './closed-files.ts'
import { plan } from './plan.ts'
import { leftChange } from './undone.ts'

/** Longest line either side accepts, in characters. */
export const MAX_LINE = 1_048_576

/** Everything the helper can be asked: one JSON object on one line of its stdin, and one request for each process. */
export const helperRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    id: z.number().int(),
    kind: z.literal('apply'),
    plan,
    /** For the disc that answers Windows' Setup. It is no part of the plan, which is journalled. */
    password: accountPassword.nullable().optional(),
  }),
  z.strictObject({ id: z.number().int(), kind: z.literal('undo'), scope: z.enum(['last', 'all']) }),
  z.strictObject({
    id: z.number().int(),
    kind: z.literal('undo-step'),
    step: plan.shape.step,
    /** Files of other VMs stay; null: those of every VM are taken back. */
    vm: vmName.nullable().default(null),
  }),
  /** Leaves a change as it is that could not be taken back. */
  z.strictObject({ id: z.number().int(), kind: z.literal('leave'), tx: z.string(), index: z.number().int() }),
  /** Sets a journal aside whose lines bar changes. */
  z.strictObject({ id: z.number().int(), kind: z.literal('set-journal-aside') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('keep-network') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('read-closed') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('launch'), vm: vmName }),
  z.strictObject({ id: z.number().int(), kind: z.literal('reboot') }),
])
export type HelperRequest = z.infer<typeof helperRequest>

/** Steps that change the host. */
const CHANGING = ['kernel', 'boot', 'cards', 'bind', 'network', 'definition'] as const satisfies StepId[]
export type ChangingStep = (typeof CHANGING)[number]

/** Returns a step as one that changes the host; null: it never does. */
export function changingStep(step: StepId): ChangingStep | null {
  return CHANGING.find((one) => one === step) ?? null
}

/**
 * What a helper is started for: the first argument of its process. polkit chooses its action by it
 * (org.freedesktop.policykit.exec.argv1, pkexec(1)), so the password is asked for by what it is for.
 */
export const HELPER_VERBS = [
  ...CHANGING.map((step) => `apply-${step}` as const),
  ...(['undo', 'leave', 'set-journal-aside', 'keep-network', 'read-closed', 'launch', 'reboot'] as const),
]
export type HelperVerb = (typeof HELPER_VERBS)[number]

/** The verb a request needs; null: a plan of a step that has no changes to make. */
export function verbOf(request: RequestBody): HelperVerb | null {
  if (request.kind === 'undo' || request.kind === 'undo-step') return 'undo'
  if (request.kind !== 'apply') return request.kind
  const step = changingStep(request.plan.step)
  return step === null ? null : `apply-${step}`
}

/** A request before it is numbered. */
export type RequestBody = HelperRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

/** One thing that happened while a request was carried out. */
const helperEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('change-started'),
    index: z.number().int(),
    total: z.number().int(),
    text: z.string(),
  }),
  z.strictObject({ kind: z.literal('change-finished'), index: z.number().int(), total: z.number().int() }),
  z.strictObject({ kind: z.literal('log'), line: z.string() }),
])
export type HelperEvent = z.infer<typeof helperEvent>

/** What the helper answers on stdout: any number of events, files it has read for the user, then one result or problem. */
export const helperAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ id: z.number().int(), kind: z.literal('event'), event: helperEvent }),
  z.strictObject({ id: z.number().int(), kind: z.literal('result'), notes: z.array(z.string()) }),
  /** What came of an undo. */
  z.strictObject({
    id: z.number().int(),
    kind: z.literal('undone'),
    notes: z.array(z.string()),
    left: z.array(leftChange),
  }),
  z.strictObject({ id: z.number().int(), kind: z.literal('opened'), menu: openedMenu }),
  z.strictObject({ id: z.number().int(), kind: z.literal('problem'), problem }),
])
export type HelperAnswer = z.infer<typeof helperAnswer>
