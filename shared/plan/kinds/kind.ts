import { z } from 'zod'

export const absolutePath = z.string().regex(/^\/[^\0\n]*$/u)

/** Everything about one kind of change but how it is carried out, which is a handler of the helper. */
export interface Kind<S extends z.ZodType> {
  /** What the helper takes. A change carries the state it expects. */
  schema: S
  /** The change in a few words, for plan, progress line and journal. */
  text: (change: z.infer<S>) => string
  /** The same as lines of a shell script a person could run; the app itself never runs a shell. */
  script: (change: z.infer<S>) => string[]
  /** What a button says of so many of them; null: it goes without saying. */
  label: ((count: number) => string) | null
}

/** Says to the compiler that text and script are about the schema's changes. */
export function kind<S extends z.ZodType>(all: Kind<S>): Kind<S> {
  return all
}
