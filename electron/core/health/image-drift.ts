import { capital } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Comparison } from '#shared/ipc/health.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { looksOf, type RuleInImage, ruleInImage } from '../boot/rule-in-image.ts'
import { fail, fixInStep, pass, unknown } from '../steps/step.ts'

const CODE = 'drift-image'

/**
 * Judges whether what boots next still holds the rule of step 5: a kernel update, another generator or an administrator
 * may have had it built since. Nothing where no rule is written.
 */
export function imageDrift(facts: Facts, journal: readonly JournalEntry[]): Comparison[] {
  const found = ruleInImage(facts, looksOf(journal))
  if (found === null) return []
  const same = { holds: true, lacks: false, unseen: null }[found.verdict]
  const is = { holds: 'in it', lacks: 'not in it', unseen: null }[found.verdict]
  return [{ what: 'What boots next', was: 'in it', is, same, finding: judged(found) }]
}

function judged({ verdict, text, evidence }: RuleInImage): Finding {
  const said = `${capital(text)}.`
  if (verdict === 'holds') return pass(CODE, said, evidence)
  if (verdict === 'unseen') return unknown(CODE, said, evidence)
  return fail(
    CODE,
    said,
    evidence,
    fixInStep('bind', 'Step 5 has it built again; until then a reboot gives the card back to the host.'),
  )
}
