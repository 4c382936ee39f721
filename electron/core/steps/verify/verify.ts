import { citeFile } from '#core/evidence.ts'
import { citeProof } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { otherScreens } from '#core/units/units.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { heldByVfio, VFIO_PCI } from '#shared/units/drivers.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { bindBlockers } from '../bind/bind-plan.ts'
import { noUnit } from '../cards/no-card.ts'
import { fail, fixInStep, manualFix, NO_CHANGES, pass, type Step, warn } from '../step.ts'
import { nextBoot } from './next-boot.ts'

export const verify: Step = {
  id: 'verify',
  title: 'Verify',
  paper: {
    did: 'The paper reads "Kernel driver in use: vfio-pci" in lspci -v.',
    we: 'We show the same output, and look further: the group nodes, the screen that is left, memory still held by the boot framebuffer, power state, and whether the binding comes back by itself after a reboot.',
  },
  gates: [],
  check: () => [],
  plan: () => NO_CHANGES,
  verify: (situation) => {
    const { reserved } = situation
    const lacking = noUnit(situation, 'verify-card')
    if (reserved.length === 0) return lacking
    return [...lacking, ...reserved.flatMap((unit) => judged(situation, unit))]
  },
}

/** Judges one reserved unit, beside what else is reserved. */
function judged(situation: Situation, unit: ReservedView): Finding[] {
  const { facts, reserved } = situation
  const picture = unit.kind === 'card' ? [display(facts, unit, reserved)] : []
  const found =
    unit.when === 'vm'
      ? [atItsStart(unit), ...picture, power(unit)]
      : [
          ...[drivers(unit), node(facts, unit), ...picture, framebuffer(facts, unit), power(unit)],
          ...[...opened(facts, unit), nextBoot(situation, unit)],
        ]
  return found.map((finding) => ({ ...finding, about: unit.address }))
}

/** Judges a unit that the host keeps until its VM starts. */
function atItsStart(unit: ReservedView): Finding {
  const quote = unit.functions
    .map((device) => `${shortAddress(device.address)} driver: ${device.driver ?? 'none'}`)
    .join('\n')
  const seen = [citeFile('/sys/bus/pci/devices/*/driver', quote)]
  const what = `${unit.name} at ${shortAddress(unit.address)}`
  const bars = bindBlockers(unit)
  if (bars.length > 0) {
    const why = bars.map((reason) => reason.text).join(' ')
    const step = bars.some(({ code }) => code === 'no-group') ? 'boot' : 'cards'
    return fail('verify-drivers', `${what} cannot be taken: ${why}`, seen, fixInStep(step, 'That comes first.'))
  }
  return pass('verify-drivers', `${what} stays with the host until its VM starts, which takes it then.`, seen)
}

function drivers(card: UnitView): Finding {
  const functions = passedFunctions(card)
  const open = functions.filter((device) => !heldByVfio(device))
  const quote = functions
    .map((device) => `${shortAddress(device.address)} driver: ${device.driver ?? 'none'}`)
    .join('\n')
  const seen = [citeFile('/sys/bus/pci/devices/*/driver', quote)]
  if (open.length === 0)
    return pass('verify-drivers', `${functions.length} of ${functions.length} functions are held by ${VFIO_PCI}.`, seen)
  return fail(
    'verify-drivers',
    `${functions.length - open.length} of ${functions.length} functions are held by ${VFIO_PCI}.`,
    seen,
    fixInStep('bind', 'Step 5 binds them.'),
  )
}

/** Judges the VFIO nodes, one a group: cards with a group for each function need all of them. */
function node(facts: Facts, card: UnitView): Finding {
  const nodes = card.groups.map((group) => ({ group, found: facts.vfioNodes.find((one) => one.group === group) }))
  const seen = nodes.map(({ group, found }) =>
    citeFile(`/dev/vfio/${group}`, found === undefined ? null : `owner uid ${found.uid}`),
  )
  const lacking = nodes.filter(({ found }) => found === undefined).map(({ group }) => `/dev/vfio/${group}`)
  if (nodes.length === 0)
    return fail('verify-node', 'The card has no IOMMU group.', [], fixInStep('boot', 'Step 3 switches the IOMMU on.'))
  if (lacking.length > 0) {
    const text = `${lacking.join(' and ')} ${lacking.length === 1 ? 'does' : 'do'} not exist: the group is not in VFIO’s hands.`
    return fail('verify-node', text, seen, fixInStep('bind', 'Step 5 binds the card.'))
  }
  const paths = card.groups.map((group) => `/dev/vfio/${group}`).join(' and ')
  return pass(
    'verify-node',
    `${card.groups.length === 1 ? 'The group has its node' : 'The groups have their nodes'}, ${paths}.`,
    seen,
  )
}

/**
 * Judges whether the host still has a picture. Without one the admin needs another way in; that was confirmed in step
 * 5.
 */
function display(facts: Facts, card: UnitView, all: readonly UnitView[]): Finding {
  const screens = otherScreens(facts, all)
  const seen = [
    citeFile('/sys/class/drm', screens.map((name) => `${name} connected`).join('\n') || 'no other screen connected'),
  ]
  if (screens.length > 0) return pass('verify-display', `The host keeps its own screen (${screens.join(', ')}).`, seen)
  const bound = passedFunctions(card).every(heldByVfio)
  const when = bound ? 'has no screen of its own now' : 'will have no screen of its own once the card is bound'
  return warn('verify-display', `The host ${when}; it is reached over the network only.`, seen)
}

function framebuffer(facts: Facts, card: UnitView): Finding {
  const { framebuffers } = facts
  if (isUnknown(framebuffers)) {
    return warn(
      'verify-framebuffer',
      'Whether the boot framebuffer still holds memory of the card shows to root only. A VM start would say so.',
      [citeFile('/proc/iomem', framebuffers.unknown)],
    )
  }
  const held = framebuffers.find((range) =>
    card.functions.some((device) => device.bars.some((bar) => inside(range, bar))),
  )
  if (held === undefined)
    return pass('verify-framebuffer', 'No boot framebuffer holds memory of the card.', [
      citeFile('/proc/iomem', framebuffers.map((range) => range.name).join(' ') || 'no framebuffer ranges'),
    ])
  return fail('verify-framebuffer', `${held.name} still holds memory of the card; QEMU could not map it.`, [
    citeFile('/proc/iomem', `${held.start}-${held.end} : ${held.name}`),
  ])
}

function inside(range: { start: string; end: string }, bar: Device['bars'][number]): boolean {
  return BigInt(`0x${range.start}`) <= BigInt(bar.end) && BigInt(`0x${range.end}`) >= BigInt(bar.start)
}

function power(card: UnitView): Finding {
  const states = passedFunctions(card).map(
    (device) => `${shortAddress(device.address)} ${device.powerState ?? 'not told'}`,
  )
  const lost = passedFunctions(card).filter((device) => device.answers === false || device.vendorId === 'ffff')
  const seen = [citeFile('/sys/bus/pci/devices/*/power_state, config', states.join('\n'))]
  if (lost.length > 0)
    return fail('verify-power', 'The card does not answer: its configuration reads ff throughout.', seen)
  if (passedFunctions(card).some((device) => device.powerState === 'D3cold')) {
    const text =
      'The card sleeps in D3cold, as vfio-pci lets idle cards do. Should a start say "stuck in D3", vfio-pci.disable_idle_d3=1, a tick in step 3, keeps it awake.'
    return warn('verify-power', text, seen)
  }
  if (passedFunctions(card).every((device) => device.powerState === null || device.powerState === 'unknown')) {
    return warn('verify-power', 'This kernel does not tell the power state; the card answers to its ids.', seen)
  }
  return pass('verify-power', 'The card is awake and answers.', seen)
}

/** Judges the card's opening through VFIO without a guest: the one test that asks the kernel itself. */
function opened(facts: Facts, card: UnitView): Finding[] {
  if (!passedFunctions(card).every(heldByVfio)) return []
  const wanted = passedFunctions(card).map((device) => device.address)
  const proof = facts.proofs.vfioOpen.find(
    ({ boot, functions }) => boot === facts.host.bootId && wanted.every((address) => functions.includes(address)),
  )
  if (proof === undefined)
    return [
      warn('verify-open', 'The card was not opened through VFIO in this boot yet; the start in step 9 will do it.', []),
    ]
  const seen = [citeProof(`qemu -S -device vfio-pci (${proof.at})`, proof.said)]
  if (proof.opened)
    return [pass('verify-open', 'VFIO opened every function of the card and closed it again, without a guest.', seen)]
  const text = `VFIO does not open the card: ${proof.said.split('\n')[0] ?? ''}`
  return [fail('verify-open', text, seen, manualFix('Undo step 5 and apply it again once the reason is gone.'))]
}
