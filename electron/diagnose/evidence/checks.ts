import * as devices from './devices.ts'
import * as platform from './platform.ts'
import type { Check } from './seen.ts'
import * as system from './system.ts'

/** Every check a rule can name. */
export const CHECKS = { ...platform, ...devices, ...system } as const satisfies Record<string, Check>

export type CheckId = keyof typeof CHECKS
