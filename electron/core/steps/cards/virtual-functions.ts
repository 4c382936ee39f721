import { citeChoice, citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { textOf, wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { plural } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { identityOf, wayTo } from '#shared/facts/identity.ts'
import { type Device, deviceName, shortAddress } from '#shared/facts/pci.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { RecipeOf } from '#shared/plan/recipe.ts'
import { present } from '#shared/plan/want-file.ts'
import { isReserved } from '#shared/units/drivers.ts'
import type { VirtualChoice } from '#shared/units/virtual-choice.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, pass, warn } from '../step.ts'

const DEVICES = '/sys/bus/pci/devices'

/** A physical function that is to have so many virtual ones. */
interface Wanted {
  card: Device
  sriov: NonNullable<Device['sriov']>
  count: number
}

/** Returns what makes the virtual functions that were chosen, now and at each boot. */
export function virtualPlan({ facts, choices, reserved }: Situation): PlannedChange[] {
  const wanted = choices.cards.virtualFunctions.flatMap((choice) => wantedOf(facts, choice) ?? [])
  const held = reserved
    .filter(({ when }) => when === 'boot')
    .flatMap(({ functions }) => functions.flatMap((device) => heldAt(facts, device)))
  return [...wanted.flatMap((one) => countChange(facts, one)), ...filesFor(facts, wanted, held)]
}

function wantedOf({ devices }: Facts, { address, identity, count }: VirtualChoice): Wanted | null {
  const card = devices.find((device) => device.address === address)
  if (card === undefined || card.sriov === null || isReserved(card.driver) || card.driver === null) return null
  const moved = identity !== null && identityOf(card, devices) !== identity
  return moved || count > card.sriov.total ? null : { card, sriov: card.sriov, count }
}

function countChange({ devices }: Facts, { card, sriov, count }: Wanted): PlannedChange[] {
  if (sriov.now === count) return []
  const { address, vendorId, deviceId } = card
  const expected = { now: sriov.now, vendorId, deviceId, way: wayTo(card, devices) }
  const reason = 'Virtual functions go to VMs, each as a device of its own; the card stays with the host.'
  return [{ change: { kind: 'set-virtual-functions', address, count, expected }, reason, before: null }]
}

type Recipe = RecipeOf<'virtual-functions'>

function heldAt({ devices }: Facts, device: Device): Recipe['functions'] {
  const { address, vendorId, deviceId, physfn } = device
  return physfn === null ? [] : [{ address, vendorId, deviceId, physfn, way: wayTo(device, devices) }]
}

/** Without systemd nothing makes them again; a script that is there already is kept in step, also with none left. */
function filesFor(facts: Facts, wanted: readonly Wanted[], functions: Recipe['functions']): PlannedChange[] {
  const cards = wanted
    .filter(({ count }) => count > 0)
    .map(({ card, count }) => {
      const { address, vendorId, deviceId } = card
      return { address, vendorId, deviceId, count, way: wayTo(card, facts.devices) }
    })
  if (!facts.network.systemd || (cards.length === 0 && textOf(facts, OWN_FILES.virtualScript) === null)) return []
  return present([
    wantText(facts, { of: 'virtual-functions', cards, functions }, 'Makes them again, and holds those of VMs.'),
    wantText(
      facts,
      { of: 'fixed', text: 'virtual-unit' },
      'Runs it at each boot: virtual functions do not outlast one.',
    ),
    wantText(facts, { of: 'fixed', text: 'virtual-unit-want' }, 'Has systemd start that unit.'),
  ])
}

/** Returns for each card whose virtual functions were chosen whether it has so many. */
export function virtualFindings({ facts, choices }: Situation): Finding[] {
  return choices.cards.virtualFunctions.map((choice) => virtualFinding(facts, choice))
}

function virtualFinding(facts: Facts, choice: VirtualChoice): Finding {
  const { address, count } = choice
  const code = { code: 'card-virtual', about: address } as const
  const card = facts.devices.find((device) => device.address === address)
  const wanted = wantedOf(facts, choice)
  const what = card === undefined ? shortAddress(address) : `${deviceName(card)} at ${shortAddress(address)}`
  const seen = [
    citeFile(`${DEVICES}/${address}/sriov_numvfs`, card?.sriov === null ? null : String(card?.sriov?.now)),
    citeChoice(`${address}: ${count}`),
  ]
  if (wanted === null) {
    const text = `${what} cannot have ${plural(count, 'virtual function')}: ${whyNot(facts, choice, card)}.`
    return fail(code, text, seen, fixInStep('cards', 'Choose another number below.'))
  }
  const has = plural(wanted.sriov.now, 'virtual function')
  if (wanted.sriov.now !== count)
    return fail(code, `${what} has ${has}, not ${count}.`, seen, fixInStep('cards', 'Apply the plan of this step.'))
  if (count > 0 && !facts.network.systemd)
    return warn(code, `${what} has ${has} until the next reboot: without systemd nothing makes them again.`, seen)
  return pass(code, `${what} has ${has}; the card stays with the host.`, seen)
}

function whyNot({ devices }: Facts, { identity }: VirtualChoice, card: Device | undefined): string {
  if (card === undefined) return 'nothing is there'
  if (identity !== null && identityOf(card, devices) !== identity) return 'another device is at this address now'
  if (card.sriov === null) return 'it can have none'
  if (card.driver === null) return 'it has no driver, which alone can make them'
  if (isReserved(card.driver)) return `it is on ${card.driver} itself`
  return `it can have at most ${card.sriov.total}`
}
