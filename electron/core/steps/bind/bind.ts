import { formerFiles, formerText } from '#core/boot/initramfs/former.ts'
import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { claimsIn, type EarlyFunction } from '#core/texts/early-bind.ts'
import { textOf } from '#core/texts/want-text.ts'
import { capital } from '#shared/base/text.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noUnit } from '../cards/no-card.ts'
import { nixosText } from '../distros/nixos.ts'
import { afterReboot, fail, fixInStep, pass, type Step } from '../step.ts'
import { bindLeftovers } from './bind-leftovers.ts'
import { bindPlan, boundUnits, earlyFunctions, movesAtBoot, toGiveBack } from './bind-plan.ts'
import { early, inUse, keptByVm, loaded, stuck, unitReady } from './bind-readiness.ts'

export const bind: Step = {
  id: 'bind',
  title: 'Bind',
  paper: {
    did: 'The paper unbinds each function and writes its ids to new_id of vfio-pci.',
    we: 'new_id grabs every device with those ids, also a second card. We set driver_override by address on all functions first, then move the companions, the GPU last, each write watched with a time limit.',
  },
  gates: [],
  check: (situation) => {
    const { reserved, facts } = situation
    const kept = keptByVm(situation)
    // What was dropped last is still to be given back.
    if (reserved.length === 0 && bindPlan(situation).changes.length > 0) return kept
    if (reserved.length === 0) return [...noUnit(situation, 'bind-card'), ...kept]
    return [
      ...noUnit(situation, 'bind-card'),
      ...reserved.map(unitReady),
      ...reserved.flatMap(stuck),
      ...boundUnits(situation).flatMap((unit) => inUse(situation, unit)),
      ...kept,
      loaded(facts),
      ...early(situation),
      ...bindLeftovers(situation),
    ]
  },
  plan: bindPlan,
  hostText: (situation) => nixosText(situation, 'bind'),
  verify: (situation) => [
    ...boundUnits(situation).flatMap((unit) => unitBound(situation, unit)),
    ...toGiveBack(situation).map(heldStill),
    ...rule(situation),
  ],
}

function unitBound(situation: Situation, unit: ReservedView): Finding[] {
  const later = movesAtBoot(situation, unit)
  return passedFunctions(unit).map((device) => bound(device, later))
}

function bound(device: Device, later: boolean): Finding {
  const path = `/sys/bus/pci/devices/${device.address}/driver`
  const seen = [citeFile(path, device.driver)]
  const code = { code: 'bound', about: device.address } as const
  if (heldByVfio(device)) return pass(code, `${shortAddress(device.address)} is held by ${device.driver ?? ''}.`, seen)
  const holder = device.driver === null ? 'has no driver' : `is still held by ${device.driver}`
  if (later) return afterReboot(code, `${shortAddress(device.address)} ${holder}; it moves at the next boot.`, seen)
  return fail(code, `${shortAddress(device.address)} ${holder}.`, seen)
}

/** Judges a function that is reserved no more and that this program keeps from the host all the same. */
function heldStill({ address, driverOverride }: Device): Finding {
  const seen = [citeFile(`/sys/bus/pci/devices/${address}/driver_override`, driverOverride)]
  const text = `${shortAddress(address)} is not reserved any more, but still kept from the host.`
  return fail({ code: 'bind-not-reserved', about: address }, text, seen, fixInStep('bind', 'This step gives it back.'))
}

/** Judges what the rule for each boot names, and whether what boots next holds it. */
function rule(situation: Situation): Finding[] {
  const { ruleInImage, reserved } = situation
  const named = former(situation) ?? ruleNames(situation)
  const wanted = reserved.some(({ when }) => when === 'boot')
  if (named.length > 0 || !wanted || ruleInImage?.verdict !== 'lacks') return named
  const text = `${capital(ruleInImage.text)}: after a reboot the host would have what is reserved.`
  return [fail('bind-rule', text, ruleInImage.evidence, fixInStep('bind', 'This step has it built again.'))]
}

/** Judges a rule that another generator took, which is used by nobody; null: there is none. */
function former({ facts, initramfs }: Situation): Finding[] | null {
  const text = initramfs === null ? null : formerText(facts, initramfs, 'bind')
  if (initramfs === null || text === null) return null
  const seen = (formerFiles(facts, initramfs.id)?.bind ?? []).map((path) => citeFile(path, 'is there'))
  return [
    fail('bind-rule', text, seen, fixInStep('bind', `This step takes it out and writes it for ${initramfs.name}.`)),
  ]
}

/** Judges whether the rule for each boot names what is reserved, and nothing else; its form may be an earlier one. */
function ruleNames({ facts, initramfs, reserved }: Situation): Finding[] {
  if (initramfs === null || initramfs.planEarlyBind(facts, []) === null) return []
  const text = textOf(facts, initramfs.earlyFile)
  const named = text === null ? [] : claimsIn(text)
  const wanted = earlyFunctions({ facts, reserved })
  const differs = [...without(wanted, named), ...without(named, wanted)]
  if (differs.length === 0) return []
  const what = `The rule for each boot is not what is chosen for ${[...new Set(differs)].map(shortAddress).join(', ')}.`
  return [fail('bind-rule', what, [citeFile(initramfs.earlyFile, text)], fixInStep('bind', 'This step writes it.'))]
}

/** Returns the addresses of those that the others do not have at the same address and way. */
function without(some: readonly EarlyFunction[], others: readonly EarlyFunction[]): string[] {
  const same = (one: EarlyFunction, other: EarlyFunction) =>
    one.address === other.address && (one.way === null || other.way === null || one.way === other.way)
  return some.filter((one) => !others.some((other) => same(one, other))).map(({ address }) => address)
}
