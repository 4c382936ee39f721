import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noUnit } from '../cards/no-card.ts'
import { afterReboot, fail, fixInStep, pass, type Step } from '../step.ts'
import { bindPlan, boundUnits, movesAtBoot, toGiveBack } from './bind-plan.ts'
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
    if (reserved.length === 0 && toGiveBack(situation).length > 0) return kept
    if (reserved.length === 0) return [...noUnit(situation, 'bind-card'), ...kept]
    return [
      ...noUnit(situation, 'bind-card'),
      ...reserved.map(unitReady),
      ...reserved.flatMap(stuck),
      ...boundUnits(situation).flatMap((unit) => inUse(situation, unit)),
      ...kept,
      loaded(facts),
      ...early(situation),
    ]
  },
  plan: bindPlan,
  verify: (situation) => [
    ...boundUnits(situation).flatMap((unit) => unitBound(situation, unit)),
    ...toGiveBack(situation).map(heldStill),
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
