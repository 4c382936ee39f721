import { decideDisplay, typing } from '#core/definition/display/display.ts'
import type { DisplayContext } from '#core/definition/display/display-context.ts'
import { seeingOptions } from '#core/definition/display/display-options.ts'
import { citeChoice } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, pass, warn } from '../step.ts'

/** What the judgement rests on; null while there is no VM, and for the proof guest, which nobody has to see. */
export function displayContext({ facts, choices, card, definition }: Situation): DisplayContext | null {
  if (card === null || definition === null || definition.profile === 'proof-guest') return null
  return { facts, choices, card, definition }
}

/** Judges whether somebody sees the guest and somebody types into it, before it starts with the card. */
export function seeAndType(situation: Situation): Finding[] {
  const sight = displayContext(situation)
  return sight === null ? [] : [seen(sight), typed(sight)]
}

function seen(sight: DisplayContext): Finding {
  const decided = decideDisplay(sight)
  if (decided === null)
    return fail(
      'launch-see',
      'Nobody could see the guest: the VM has no screen of its own, and no monitor is known to be on the card.',
      [citeChoice('no way chosen')],
      fixInStep('launch', 'Choose below how somebody sees it.'),
    )
  const option = seeingOptions(sight).find(({ id }) => id === decided.id)
  const needs = option?.needs ?? []
  const evidence: Evidence[] = [citeChoice(needs.map(({ text, state }) => `${state}: ${text}`).join('\n'))]
  if (decided.id === 'nobody') return warn('launch-see', 'Nobody sees the guest, as you chose.', evidence)
  if (option === undefined)
    return fail(
      'launch-see',
      'The chosen way to see the guest is not there any more.',
      evidence,
      fixInStep('launch', 'Choose another.'),
    )
  const lacking = needs.filter(({ state }) => state === 'missing')
  if (lacking.length > 0) {
    const text = `${option.title}: ${lacking.map((need) => need.text).join(' ')}`
    const step = lacking[0]?.step ?? 'launch'
    return fail('launch-see', text, evidence, fixInStep(step, 'Mend it, or choose another way below.'))
  }
  const dark = needs.some(({ state }) => state === 'unknown')
  const text = `How the guest is seen: ${option.title}. ${decided.reason}`
  return dark
    ? warn('launch-see', `${option.title}: part of what it needs cannot be checked from here.`, evidence)
    : pass('launch-see', text, evidence)
}

function typed(sight: DisplayContext): Finding {
  const ways = typing(sight)
  const evidence = [citeChoice(ways.join('\n') || null)]
  if (ways.length > 0) return pass('launch-type', 'Somebody can type into the guest.', evidence)
  if (decideDisplay(sight)?.id === 'nobody')
    return warn('launch-type', 'Nobody types into the guest, as it is seen by nobody.', evidence)
  return fail(
    'launch-type',
    'Nobody could type into the guest: no keyboard goes to it, and the way it is seen brings none.',
    evidence,
    fixInStep('definition', 'Give it a keyboard in step 8, or choose a way below that brings one.'),
  )
}
