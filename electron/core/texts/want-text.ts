import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { Recipe } from '#shared/plan/recipe.ts'
import { ownText, sourceOf } from './own-text.ts'

/** Returns the text of a file as it was read; null: it is not there, or cannot be read. */
export function textOf(facts: Facts, path: string): string | null {
  const file = facts.files[path]
  return file === undefined || file === null || isUnknown(file) ? null : file.text
}

/**
 * Returns the change that makes a file what its recipe says; null when it is so already, or nothing can be made of its
 * source. `source`: the text it starts from, where that is not a file of the facts.
 */
export function wantText(facts: Facts, recipe: Recipe, reason: string, source?: string): PlannedChange | null {
  const wanted = ownText(recipe, source ?? textOf(facts, sourceOf(recipe) ?? ''))
  if (wanted === null || textOf(facts, wanted.path) === wanted.text) return null
  const { path } = wanted
  const file = facts.files[path]
  const present = file !== undefined && file !== null && !isUnknown(file) ? file : null
  return {
    change: { kind: 'write-file', ...wanted, expected: present === null ? null : present.sha256, recipe },
    reason,
    before: present === null ? null : present.text,
  }
}
