import { citeChoice, citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import type { LostUnit } from '#core/units/reservation.ts'
import { idsOf } from '#shared/facts/identity.ts'
import { deviceName, shortAddress } from '#shared/facts/pci.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { FindingCode } from '#shared/wizard/finding-codes.ts'
import { fail, fixInStep, manualFix } from '../step.ts'

/** Says why the VM has nothing to take, and where to go. For a situation without a card. */
export function noCard(situation: Situation, code: FindingCode): Finding {
  const [why] = noUnit(situation, code)
  if (why !== undefined) return why
  const [missing] = situation.missing
  if (missing !== undefined)
    return fail(
      code,
      `The VM was to have ${shortAddress(missing)}, which is not reserved.`,
      [citeChoice(missing)],
      fixInStep('cards', 'Reserve it in step 4, or give the VM another one in step 8.'),
    )
  return fail(
    code,
    'Nothing that is reserved goes to this VM yet.',
    [],
    fixInStep('definition', 'Choose in step 8 what it takes.'),
  )
}

/** Says what of the reservation is not there, or that there is none; nothing where all of it is. */
export function noUnit({ reserved, lost, cards }: Situation, code: FindingCode): Finding[] {
  if (lost.length > 0) return lost.map((unit) => lostElsewhere(unit, code))
  if (reserved.length > 0) return []
  if (cards.length === 0)
    return [
      fail(code, 'There is no GPU on this host to hand over.', [], manualFix('Step 4 lists what the kernel sees.')),
    ]
  if (cards.every((card) => card.verdict.status === 'blocked'))
    return [fail(code, 'No card of this host can be handed over.', [], manualFix('Step 4 says why.'))]
  return [fail(code, 'No card is chosen yet.', [], fixInStep('cards', 'Step 4 chooses the card.'))]
}

function lostElsewhere({ address }: LostUnit, code: FindingCode): Finding {
  const text = `What was reserved at ${shortAddress(address)} is not there any more.`
  return fail({ code, about: address }, text, [citeChoice(address)], fixInStep('cards', 'Step 4 says where it went.'))
}

/** Says where something that was reserved went: its address holds nothing or something else. */
export function lostFinding({ address, identity, now, movedTo, alike }: LostUnit): Finding {
  const code = { code: now === null ? 'gpu-gone' : 'gpu-moved', about: address } as const
  const seen = [
    citeFile('/sys/bus/pci/devices', `${address}: ${now === null ? 'not there' : deviceName(now)}`),
    citeChoice(`${address} ${identity ?? ''}`.trim()),
  ]
  const twin = now !== null && identity?.startsWith(`${idsOf(now)} `) === true ? ', behind other ports' : ''
  const what =
    now === null ? 'is not there any more' : `is not at this address any more: ${deviceName(now)} is there now${twin}`
  const [moved] = movedTo
  const places = alike.map(shortAddress)
  const where =
    moved !== undefined
      ? ` It is at ${shortAddress(moved)} by now.`
      : places.length === 0
        ? ''
        : ` One with its ids is at ${places.join(' and at ')}.`
  const text = `What was reserved at ${shortAddress(address)} ${what}.${where}`
  const fix = fixInStep('cards', 'Choose it again where it is, or drop it; addresses move when cards are added.')
  return fail(code, text, seen, fix)
}
