import * as devices from './devices.ts'
import * as platform from './platform.ts'
import type { Check } from './seen.ts'
import * as system from './system.ts'

// Plain, for knip sees the use of a namespace through neither `as const` nor `satisfies`.
const all = { ...platform, ...devices, ...system }

export type CheckId = keyof typeof all

/** Every check a rule can name. */
export const CHECKS: Readonly<Record<CheckId, Check>> = all
