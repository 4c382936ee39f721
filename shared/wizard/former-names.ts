import { z } from 'zod'
import { stepId } from './step-id.ts'

/** Fields and steps that had another name when a file of this program may have been written. */
const PRESENT: ReadonlyMap<string, string> = new Map([
  ['gpu', 'cards'],
  ['machine', 'definition'],
  ['cardOpened', 'vfioOpen'],
])

/** A stored object whose fields may carry their former names. Only its own fields are looked at. */
export function stored<T extends z.ZodType>(schema: T) {
  return z.preprocess(withPresentNames, schema)
}

/** The id of a step as a journal or state file holds it: its present or its former name. */
export const storedStepId = z.preprocess((id) => (typeof id === 'string' ? (PRESENT.get(id) ?? id) : id), stepId)

function withPresentNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return withReservation(
    Object.fromEntries(Object.entries(value).map(([name, part]) => [PRESENT.get(name) ?? name, part])),
  )
}

/** One card for the whole host, and whether it is bound at each boot: what later became a list of reserved units. */
const formerCard = z.object({
  cards: z.strictObject({
    address: z.string().nullable(),
    identity: z.string().optional(),
    companions: z.array(z.string()).optional(),
  }),
  bind: z.strictObject({ atBoot: z.boolean(), live: z.boolean() }),
})

function withReservation(choices: Record<string, unknown>): Record<string, unknown> {
  const former = formerCard.safeParse(choices)
  if (!former.success) return choices
  const { cards, bind } = former.data
  const when = bind.atBoot ? 'boot' : 'now'
  const units = cards.address === null ? null : [{ ...cards, when }]
  return { ...choices, cards: { units }, bind: { live: bind.live } }
}
