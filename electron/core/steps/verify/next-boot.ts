import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { claimsIn, isClaimed } from '#core/texts/early-bind.ts'
import { textOf } from '#core/texts/want-text.ts'
import { EARLY_BIND_NOTE } from '#shared/base/own-files.ts'
import { capital } from '#shared/base/text.ts'
import type { Device } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { passedFunctions, type ReservedView } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { afterReboot, fail, fixInStep, pass, unknown, warn } from '../step.ts'

const CODE = 'verify-next-boot'

/**
 * Judges the result after a reboot, apart from the live one. The early rule leaves a note when it ran; what boots next
 * may have been built without it since.
 */
export function nextBoot(situation: Situation, card: ReservedView): Finding {
  if (card.when !== 'boot') return pass(CODE, 'By your choice the card is not bound at boot.', [])
  const { ruleInImage } = situation
  if (ruleInImage?.verdict !== 'lacks') return boundOrWaits(situation, passedFunctions(card))
  const { text, evidence } = ruleInImage
  return fail(CODE, `${capital(text)}.`, evidence, fixInStep('bind', 'Step 5 builds it again.'))
}

function boundOrWaits(situation: Situation, functions: readonly Device[]): Finding {
  const ran = situation.facts.boot.earlyBind
  const seen = [citeFile(EARLY_BIND_NOTE, ran), ...(situation.ruleInImage?.evidence ?? [])]
  if (ran !== null && functions.every((device) => ran.includes(`${device.address} vfio-pci`)))
    return pass(CODE, 'This boot bound the card by itself, before any other driver.', seen)
  if (!functions.every(heldByVfio))
    return unknown(CODE, 'Whether the next boot binds the card is not known: it is not bound yet.', seen)
  // Virtual functions are made again by step 4's own unit, which holds them.
  if (functions.every((device) => device.physfn !== null))
    return pass(CODE, 'Step 4 makes it again at each boot, and holds it for VMs.', seen)
  if (!isNamed(situation, functions))
    return warn(CODE, 'No rule binds the card at the next boot; apply step 5 again after a reboot.', seen)
  const where = situation.ruleInImage === null ? '' : ` ${capital(situation.ruleInImage.text)}.`
  return afterReboot(CODE, `The rule for the next boot is in place.${where} The next reboot will prove it.`, seen)
}

/** Whether the rule of the generator in charge names all of them; one of another generator's is used by nobody. */
function isNamed({ facts, initramfs }: Situation, functions: readonly Device[]): boolean {
  const text = initramfs === null ? null : textOf(facts, initramfs.earlyFile)
  const claims = text === null ? [] : claimsIn(text)
  return functions.every((device) => claims.some((claim) => isClaimed(device, claim, facts.devices)))
}
