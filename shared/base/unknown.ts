import { z } from 'zod'

/** A fact that could not be read, and why. A value of its own, so that nobody can take it for "no". */
const unknownFact = z.strictObject({ unknown: z.string() })
export type UnknownFact = z.infer<typeof unknownFact>

export type OrUnknown<T> = T | UnknownFact

/** Schema of a fact that is either known or explicitly unknown. */
export function orUnknown<S extends z.ZodType>(schema: S) {
  return z.union([unknownFact, schema])
}

export function unknownBecause(why: string): UnknownFact {
  return { unknown: why }
}

export function isUnknown(value: unknown): value is UnknownFact {
  return typeof value === 'object' && value !== null && 'unknown' in value
}
