import type { Situation } from '#core/situation.ts'
import { hasMoved } from '#core/units/units.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { FindingCode } from '#shared/wizard/finding-codes.ts'
import { fail, fixInStep, manualFix } from '../step.ts'

/** Says why there is no card to work with, and where to go. For a situation without one. */
export function noCard({ facts, choices, cards }: Situation, code: FindingCode): Finding {
  if (cards.length === 0)
    return fail(code, 'There is no GPU on this host to hand over.', [], manualFix('Step 4 lists what the kernel sees.'))
  if (hasMoved(facts, choices.cards))
    return fail(
      code,
      'The chosen card is not at its address any more.',
      [],
      fixInStep('cards', 'Step 4 says where it went.'),
    )
  if (cards.every((card) => card.verdict.status === 'blocked'))
    return fail(code, 'No card of this host can be handed over.', [], manualFix('Step 4 says why.'))
  return fail(code, 'No card is chosen yet.', [], fixInStep('cards', 'Step 4 chooses the card.'))
}
