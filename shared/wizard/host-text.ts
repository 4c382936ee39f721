import { z } from 'zod'

/** What this distribution's own tool or configuration takes for a step, to be copied: we run and write none of it. */
export const hostText = z.strictObject({
  /** Of the section, e.g. "For NixOS". */
  title: z.string(),
  /** What it is for, and what a person does with it. */
  about: z.string(),
  text: z.string(),
})
export type HostText = z.infer<typeof hostText>
