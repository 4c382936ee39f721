import { z } from 'zod'

/** Why an option cannot be taken on this host; null: it can. */
export const blocked = z.string().nullable()

/** What was decided and why, in words. */
export const decision = z.strictObject({ value: z.string(), reason: z.string() })
export type DecisionView = z.infer<typeof decision>

/** Fields of an object, each with its schema. */
export type Fields = Readonly<Record<string, z.ZodType>>

/** Values of fields, as they are once they were parsed. */
export type ValuesOf<F extends Fields> = { -readonly [Name in keyof F]: z.output<F[Name]> }

/** Options of a VM that belong together. */
export interface OptionTopic<D extends Fields, C extends Fields, V extends Fields> {
  /** What vm.json holds of it, in the order of vm.json. A new field needs a default: older files lack it. */
  definition: D
  /** What the admin may choose in step 8; null means: decide from evidence. A new field needs a default as well. */
  choices: C
  /** What a new VM begins with. A field that has a default is left out. */
  initial: z.input<z.ZodObject<C>>
  /** What step 8 shows: what it offers on this host, what it decides and why. */
  view: V
}

/** A topic as it is, with its fields known to the compiler. */
export function optionTopic<D extends Fields, C extends Fields, V extends Fields>(
  topic: OptionTopic<D, C, V>,
): OptionTopic<D, C, V> {
  return topic
}
