import { z } from 'zod'
import { build } from '../base/build.ts'
import { problem } from '../base/problem.ts'

/** The button that ends "read-only": none is needed, or nothing in this window would help. */
const wayOn = z.enum(['none', 'install', 'update', 'restart'])
export type WayOn = z.infer<typeof wayOn>

/** Whether this window can change the host, in words, and what would let it. */
export const privilegeView = z.strictObject({ canChange: z.boolean(), text: z.string(), wayOn })
export type PrivilegeView = z.infer<typeof privilegeView>

/** One file that installing a checkout's helper puts on the host. `bytes`: its size; `sha256`: of what is put there. */
const helperFile = z.strictObject({
  path: z.string(),
  what: z.string(),
  mode: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Where it is copied from; null: the script writes it, and `text` is the whole of it. */
  from: z.string().nullable(),
  text: z.string().nullable(),
})
export type HelperFile = z.infer<typeof helperFile>

/** What installing would put where, and the script that root runs for it. */
export const helperPlan = z.strictObject({
  /** Path of the helper that is installed by it. */
  place: z.string(),
  files: z.array(helperFile),
  script: z.string(),
  asks: z.string(),
})
export type HelperPlan = z.infer<typeof helperPlan>

/** A helper that is on this host. */
const helperFound = z.strictObject({ path: z.string(), fits: z.boolean(), text: z.string() })
export type HelperFound = z.infer<typeof helperFound>

/** What the About page shows. */
export const aboutView = z.strictObject({
  build,
  privilege: privilegeView,
  found: z.array(helperFound),
  /** What installing would do; null: a package brought the helper, installing would not help, or `whyNoPlan`. */
  plan: helperPlan.nullable(),
  whyNoPlan: problem.nullable(),
  /** Whether a checkout's helper is there to be taken out. */
  removable: z.boolean(),
  /** How many changes of this program are in force; they stay when the helper goes. Null: the journal cannot be read. */
  inForce: z.number().int().nullable(),
})
export type AboutView = z.infer<typeof aboutView>
