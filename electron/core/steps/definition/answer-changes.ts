import { answerDiscOf } from '#core/definition/answers/answers.ts'
import { answersShown } from '#core/texts/answers/answer-files.ts'
import { textOf } from '#core/texts/want-text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { DISC_TOOLS, type DiscTool } from '#shared/vm/answers/answer-disc.ts'
import { definitionIn, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'

/** The first program of this host that makes a disc; null: it has none. */
export function discTool({ tools }: Pick<Facts, 'tools'>): DiscTool | null {
  return DISC_TOOLS.find((tool) => tools[tool] === true) ?? null
}

/** Plans the disc that answers Windows' Setup: made anew when an answer is another one, taken away when it is not wanted. */
export function answerChanges(facts: Facts, definition: VmDefinition): PlannedChange[] {
  const { name, user } = definition
  const path = vmPaths(name).answers
  const isThere = (facts.files[`${path}.json`] ?? null) !== null
  const disc = answerDiscOf(definition)
  if (disc === null) return isThere ? [removed(path, user.uid)] : []
  const tool = discTool(facts)
  const former = formerText(facts, name)
  const text = answersShown(disc)
  if (tool === null || (isThere && former === text)) return []
  return [
    {
      change: { kind: 'make-answer-disc', path, tool, disc, text, uid: user.uid, gid: user.gid },
      reason: `Only ${user.name} can read it: it holds the password of ${disc.answers.account}, which stands nowhere else.`,
      before: isThere ? former : null,
    },
  ]
}

function removed(path: string, uid: number): PlannedChange {
  return {
    change: { kind: 'remove-answer-disc', path, uid },
    reason: 'Setup needs it no more. Undo does not bring it back: the password on it is not kept.',
    before: null,
  }
}

/** What the disc says that belongs to the VM as it was written; null: to that one none does. */
function formerText(facts: Facts, name: string): string | null {
  const written = definitionIn(textOf(facts, vmPaths(name).definition) ?? '')
  const disc = written === null ? null : answerDiscOf(written)
  return disc === null ? null : answersShown(disc)
}
