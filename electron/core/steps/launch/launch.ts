import { citeProof } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { functionLine, type GuestFunction, isFunction } from '#shared/facts/guest-report.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noCard } from '../cards/no-card.ts'
import { fail, fixInStep, NO_CHANGES, pass, type Step } from '../step.ts'
import { atStart } from './at-start.ts'
import { seeAndType } from './display-and-input.ts'
import { otherVms } from './other-vms.ts'

export const launch: Step = {
  id: 'launch',
  title: 'Launch',
  paper: {
    did: 'The paper boots the VM and shows a picture of GPU-Z.',
    we: 'The start checks steps 6 and 8 again. The guest itself then reports the functions it sees; vendor, device and class have to be those of the card.',
  },
  gates: [
    { step: 'verify', holds: 'Step 6 still holds: the card is ready.' },
    { step: 'definition', holds: 'Step 8 still holds: the VM is defined and accepted.' },
  ],
  check: (situation) => [...otherVms(situation), ...atStart(situation), ...seeAndType(situation)],
  // What a start needs of the host its own unit does, and takes back.
  plan: () => NO_CHANGES,
  verify: (situation) => [report(situation)],
}

const SOURCES = { serial: 'serial port of', agent: 'guest agent of' } as const

function report(situation: Situation): Finding {
  const { facts, card, taken } = situation
  const { guestReport } = facts.proofs
  if (card === null) return noCard(situation, 'guest-report')
  if (guestReport === null)
    return fail('guest-report', 'No guest has reported the card yet.', [], fixInStep('launch', 'Start the VM.'))
  const lines = guestReport.functions.map(functionLine)
  const seen = [citeProof(`${SOURCES[guestReport.source]} "${guestReport.vm}", ${guestReport.at}`, lines.join('\n'))]
  const given = taken.flatMap(passedFunctions)
  const lacking = missingInGuest(given, guestReport.functions)
  if (lacking.length > 0)
    return fail('guest-report', `The guest does not see ${lacking.map(shortAddress).join(' and ')}.`, seen)
  const who = guestReport.simulated ? 'A simulated guest' : 'The guest'
  return pass(
    'guest-report',
    `${who} reports all ${given.length} functions of ${taken.map(({ name }) => name).join(' and ')}.`,
    seen,
  )
}

/** Addresses of functions that the guest did not list; each listed one counts once. */
function missingInGuest(given: readonly Device[], seen: readonly GuestFunction[]): string[] {
  const left = [...seen]
  return given
    .filter((device) => {
      const at = left.findIndex((found) => isFunction(found, device))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
    .map((device) => device.address)
}
