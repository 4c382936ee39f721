import { ownText, sourceOf } from '#core/texts/own-text.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { parseUnifiedImage, UNIFIED_IMAGE, unifiedEntryText } from '#shared/facts/boot/unified-image.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { assertNoSymlink } from './paths.ts'

/**
 * Root runs many of the files this program writes, or acts on them. So their texts are made here once more, from the
 * parameters of the change and from what lies on this host now, and nothing else is written. To be asked before the
 * first change of a plan: a copy is one of a file that a later change may edit.
 * @throws ProblemError `refused` for any other text, mode or path.
 */
export async function assertOwnText(system: System, change: ChangeOf<'write-file'>): Promise<void> {
  const { recipe, path, text, mode, expected } = change
  if (recipe === undefined) return refuse(path)
  const wanted = ownText(recipe, await textOf(system, sourceOf(recipe)))
  // What is there already is added to, and never replaced by what boots now.
  const replaced = recipe.of === 'kernel-cmdline' && recipe.from !== null && expected !== null
  if (wanted === null || wanted.path !== path || wanted.text !== text || wanted.mode !== mode || replaced) refuse(path)
}

async function textOf(system: System, path: string | null): Promise<string | null> {
  if (path === null) return null
  await assertNoSymlink(system, path)
  const found = await system.read(path)
  if (found.kind !== 'text') return null
  if (!UNIFIED_IMAGE.test(path)) return found.text
  const image = parseUnifiedImage(found.text)
  return image === null ? null : unifiedEntryText(path, image)
}

function refuse(path: string): never {
  throw new ProblemError('refused', `${path} is not written: its text is not one this program writes here.`, {
    hint: 'Nothing was done. Check again to get a new plan; docs/SECURITY.md lists what may be written.',
  })
}
