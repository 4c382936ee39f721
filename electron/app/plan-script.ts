import { changeScript } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'

/** Writes the plan as a shell script a person could read and run; the app itself never runs a shell. */
export function planScript(plan: Plan): string {
  if (plan.changes.length === 0) return ''
  const blocks = plan.changes.map(({ change, reason }) => [`# ${reason}`, ...changeScript(change)].join('\n'))
  return ['#!/bin/sh', 'set -eu', '', ...blocks.flatMap((block) => [block, ''])].join('\n')
}
