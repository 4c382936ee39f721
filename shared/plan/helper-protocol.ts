import { z } from 'zod'
import { problem } from '../base/problem.ts'
import { vmName } from '../base/vm-name.ts'
import { openedFile } from './closed-files.ts'
import { plan } from './plan.ts'
import { leftChange } from './undone.ts'

/** Longest line either side accepts, in characters. */
export const MAX_LINE = 1_048_576

/** Everything the helper can be asked. One JSON object a line on its stdin. */
export const helperRequest = z.discriminatedUnion('kind', [
  z.strictObject({ id: z.number().int(), kind: z.literal('hello') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('apply'), plan }),
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
  z.strictObject({ id: z.number().int(), kind: z.literal('keep-network') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('read-closed') }),
  z.strictObject({ id: z.number().int(), kind: z.literal('launch'), vm: vmName }),
  z.strictObject({ id: z.number().int(), kind: z.literal('reboot') }),
])
export type HelperRequest = z.infer<typeof helperRequest>

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

/** What the helper answers on stdout: any number of events, then one result, one list of files or one problem for each request. */
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
  z.strictObject({ id: z.number().int(), kind: z.literal('opened'), files: z.array(openedFile) }),
  z.strictObject({ id: z.number().int(), kind: z.literal('problem'), problem }),
])
export type HelperAnswer = z.infer<typeof helperAnswer>
