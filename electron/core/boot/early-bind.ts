import type { EarlyFunction } from '#core/texts/early-bind.ts'
import { wantText } from '#core/texts/want-text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { FixedText, Recipe } from '#shared/plan/recipe.ts'
import { present } from '#shared/plan/want-file.ts'

const REASON = 'Claims these functions by address while the initramfs runs, before udev loads any driver.'

/** Returns the writes that are still needed; all of them are our own files. */
export function earlyFiles(facts: Facts, recipes: readonly Recipe[]): PlannedChange[] {
  return present(recipes.map((recipe) => wantText(facts, recipe, REASON)))
}

/**
 * Returns the script, in the initramfs of a tool that runs it through systemd's unit, with what else that tool takes
 * for it.
 */
export function earlyUnit(functions: readonly EarlyFunction[], more: readonly FixedText[]): Recipe[] {
  const fixed: FixedText[] = ['early-unit', 'early-unit-want', ...more]
  return [earlyRecipe('early-script', functions), ...fixed.map((text): Recipe => ({ of: 'fixed', text }))]
}

/** Returns a script with what it needs of each function. */
export function earlyRecipe(of: 'early-script' | 'init-top', functions: readonly EarlyFunction[]): Recipe {
  const bare = functions.map(({ address, vendorId, deviceId, way }) => ({ address, vendorId, deviceId, way }))
  return { of, functions: bare }
}
