import type { Plan } from './plan.ts'

/** The account whose password a plan needs, to put it on the disc that answers Windows' Setup; null: it needs none. */
export function accountOf({ changes }: Pick<Plan, 'changes'>): string | null {
  const made = changes.flatMap(({ change }) => (change.kind === 'make-answer-disc' ? [change.disc.answers] : []))
  return made[0]?.account ?? null
}
