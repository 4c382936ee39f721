import { ownText, sourceOf } from '#core/texts/own-text.ts'
import type { System } from '#shared/base/system.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { Recipe } from '#shared/plan/recipe.ts'

/** The change an honest plan would carry for a recipe on this system; null: nothing can be made of it there. */
export async function ownWrite(
  system: Pick<System, 'read' | 'bytes' | 'hash'>,
  recipe: Recipe,
): Promise<ChangeOf<'write-file'> | null> {
  const source = sourceOf(recipe)
  const read = source === null ? null : await system.read(source)
  const wanted = ownText(recipe, read?.kind === 'text' ? read.text : null)
  if (wanted === null) return null
  const bytes = await system.bytes(wanted.path)
  return { kind: 'write-file', ...wanted, expected: bytes === null ? null : system.hash(bytes), recipe }
}
