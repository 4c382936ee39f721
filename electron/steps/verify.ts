import type { Facts } from '../../shared/facts.ts'
import type { Finding } from '../../shared/finding.ts'
import { type Device, shortAddress } from '../../shared/pci.ts'
import { isUnknown } from '../../shared/unknown.ts'
import type { GpuView } from '../../shared/wizard.ts'
import { passedFunctions } from './bind.ts'
import { chosenCard, noCard } from './card.ts'
import { NO_CHANGES, type Step, afterReboot, fail, goTo, pass, saw, unknown, warn } from './step.ts'

export const verify: Step = {
  id: 'verify',
  title: 'Verify',
  paper: {
    did: 'The paper reads "Kernel driver in use: vfio-pci" in lspci -v.',
    we: 'We show the same output, and look further: the group node, memory still held by the boot framebuffer, power state, and whether the binding comes back by itself after a reboot.',
  },
  check: () => [],
  plan: () => NO_CHANGES,
  verify: (facts, choices) => {
    const card = chosenCard(facts, choices)
    if (card === null) return [noCard(facts, choices, 'verify-card')]
    return [
      drivers(card),
      node(facts, card),
      framebuffer(facts, card),
      power(card),
      nextBoot(facts, card, choices.bind.atBoot),
    ]
  },
}

function drivers(card: GpuView): Finding {
  const functions = passedFunctions(card)
  const open = functions.filter((device) => device.driver !== 'vfio-pci')
  const quote = functions
    .map((device) => `${shortAddress(device.address)} driver: ${device.driver ?? 'none'}`)
    .join('\n')
  const seen = [saw('/sys/bus/pci/devices/*/driver', quote)]
  if (open.length === 0)
    return pass('verify-drivers', `${functions.length} of ${functions.length} functions are held by vfio-pci.`, seen)
  return fail(
    'verify-drivers',
    `${functions.length - open.length} of ${functions.length} functions are held by vfio-pci.`,
    seen,
    goTo('bind', 'Step 5 binds them.'),
  )
}

function node(facts: Facts, card: GpuView): Finding {
  const path = `/dev/vfio/${card.iommuGroup ?? '?'}`
  const found = facts.vfioNodes.find((candidate) => candidate.group === card.iommuGroup)
  if (found === undefined)
    return fail(
      'verify-node',
      `${path} does not exist: the group is not in VFIO's hands.`,
      [saw(path, null)],
      goTo('bind', 'Step 5 binds the card.'),
    )
  return pass('verify-node', `The group can be opened through ${path}.`, [saw(path, `owner uid ${found.uid}`)])
}

function framebuffer(facts: Facts, card: GpuView): Finding {
  const { framebuffers } = facts
  if (isUnknown(framebuffers)) {
    return warn(
      'verify-framebuffer',
      'Whether the boot framebuffer still holds memory of the card shows to root only. A VM start would say so.',
      [saw('/proc/iomem', framebuffers.unknown)],
    )
  }
  const held = framebuffers.find((range) =>
    card.functions.some((device) => device.bars.some((bar) => inside(range, bar))),
  )
  if (held === undefined)
    return pass('verify-framebuffer', 'No boot framebuffer holds memory of the card.', [
      saw('/proc/iomem', framebuffers.map((range) => range.name).join(' ') || 'no framebuffer ranges'),
    ])
  return fail('verify-framebuffer', `${held.name} still holds memory of the card; QEMU could not map it.`, [
    saw('/proc/iomem', `${held.start}-${held.end} : ${held.name}`),
  ])
}

function inside(range: { start: string; end: string }, bar: Device['bars'][number]): boolean {
  return BigInt(`0x${range.start}`) <= BigInt(bar.end) && BigInt(`0x${range.end}`) >= BigInt(bar.start)
}

function power(card: GpuView): Finding {
  const states = passedFunctions(card).map(
    (device) => `${shortAddress(device.address)} ${device.powerState ?? 'not told'}`,
  )
  const lost = passedFunctions(card).filter((device) => device.powerState === 'D3cold' || device.vendorId === 'ffff')
  const seen = [saw('/sys/bus/pci/devices/*/power_state', states.join('\n'))]
  if (lost.length > 0) return fail('verify-power', 'The card sleeps in D3cold and does not answer.', seen)
  if (passedFunctions(card).every((device) => device.powerState === null || device.powerState === 'unknown')) {
    return warn('verify-power', 'This kernel does not tell the power state; the card answers to its ids.', seen)
  }
  return pass('verify-power', 'The card is awake and answers.', seen)
}

/** The live result and the one after a reboot are two results. The early rule leaves a note when it ran. */
function nextBoot(facts: Facts, card: GpuView, atBoot: boolean): Finding {
  const functions = passedFunctions(card)
  const note = facts.boot.earlyBind
  const seen = [saw('/run/passthrough-studio/early-bind', note)]
  if (!atBoot) return pass('verify-next-boot', 'By your choice the card is not bound at boot.', [])
  if (note !== null && functions.every((device) => note.includes(`${device.address} vfio-pci`))) {
    return pass('verify-next-boot', 'This boot bound the card by itself, before any other driver.', seen)
  }
  if (functions.some((device) => device.driver !== 'vfio-pci'))
    return unknown('verify-next-boot', 'Not bound yet.', seen)
  const rule = Object.keys(facts.files).some(
    (path) => path.endsWith('init-top/passthrough-studio') && facts.files[path] !== null,
  )
  if (rule)
    return afterReboot(
      'verify-next-boot',
      'The rule for the next boot is in place; the next reboot will prove it.',
      seen,
    )
  return warn('verify-next-boot', 'No rule binds the card at the next boot; apply step 5 again after a reboot.', seen)
}
