import type { Choices } from '../../shared/choices.ts'
import type { Facts } from '../../shared/facts.ts'
import type { Finding } from '../../shared/finding.ts'
import { classWords, shortAddress } from '../../shared/pci.ts'
import { isUnknown } from '../../shared/unknown.ts'
import type { GpuView } from '../../shared/wizard.ts'
import { cardsOf, chosenCard } from './card.ts'
import { NO_CHANGES, type Step, advise, fail, goTo, pass, saw, unknown, warn } from './step.ts'

const DEVICES = '/sys/bus/pci/devices'

export const gpu: Step = {
  id: 'gpu',
  title: 'Card',
  paper: {
    did: 'The paper lists NVIDIA devices with lspci and unbinds them.',
    we: 'We judge every card by its IOMMU group, by what the host needs, and by who uses it. The whole slot goes together; nothing is unbound before step 5.',
  },
  check: () => [],
  plan: () => NO_CHANGES,
  verify: (facts, choices) => {
    const card = chosenCard(facts, choices)
    if (card === null) return [choose(facts, choices)]
    return [blockers(card), group(facts, card), identity(card), display(facts, card), holders(facts, card), reset(card)]
  },
}

function choose(facts: Facts, choices: Choices): Finding {
  const cards = cardsOf(facts)
  const listed = cards.map((card) => `${shortAddress(card.address)} ${card.name}`).join('; ')
  const seen = [saw(DEVICES, listed || 'no display controller')]
  if (cards.length === 0) {
    return fail(
      'no-gpu',
      'This machine has no GPU that the kernel can see.',
      seen,
      advise('Check that the card is seated and powered, and not switched off in firmware.'),
    )
  }
  if (choices.gpu.address !== null) {
    return fail(
      'gpu-gone',
      `The chosen card ${shortAddress(choices.gpu.address)} is not there any more.`,
      seen,
      goTo('gpu', 'Choose the card again; addresses move when cards are added.'),
    )
  }
  const possible = cards.filter((card) => card.verdict.status !== 'blocked')
  if (possible.length === 0) {
    const why = cards.map((card) => `${card.name}: ${card.verdict.reasons[0]?.text ?? 'ruled out'}`).join(' ')
    return fail('no-usable-gpu', `None of the ${cards.length} cards can be handed over. ${why}`, seen)
  }
  return fail(
    'gpu-choice',
    `Choose which of ${possible.length} cards the VM gets.`,
    seen,
    goTo('gpu', 'Choose one below.'),
  )
}

function blockers(card: GpuView): Finding {
  const { status, reasons } = card.verdict
  const seen = reasons.map((reason) => saw(DEVICES, reason.text))
  const what = `${card.name} at ${shortAddress(card.address)}`
  if (status === 'blocked') return fail('card-viable', `${what} cannot be handed over: ${reasons[0]?.text ?? ''}`, seen)
  if (status === 'unknown') return unknown('card-viable', `Whether ${what} can be handed over is not known.`, seen)
  const count = card.functions.length
  return pass(
    'card-viable',
    `${what} can be handed over, ${count === 1 ? 'its one function' : `all ${count} functions together`}.`,
    seen,
  )
}

function group(facts: Facts, card: GpuView): Finding {
  const found = facts.iommu.groups.find((candidate) => candidate.id === card.iommuGroup)
  if (found === undefined) {
    return fail(
      'card-group',
      'The card has no IOMMU group, because the IOMMU is off.',
      [saw(`${DEVICES}/${card.address}/iommu_group`, null)],
      goTo('boot', 'Step 3 switches the IOMMU on.'),
    )
  }
  const path = `/sys/kernel/iommu_groups/${found.id}/devices`
  const members = facts.devices.filter((device) => found.devices.includes(device.address))
  const seen = [
    saw(path, members.map((device) => `${shortAddress(device.address)} ${classWords(device.classId)}`).join('\n')),
  ]
  if (isUnknown(found.reserved)) {
    return unknown('card-group', `Reserved regions of group ${found.id} cannot be read.`, [
      ...seen,
      saw(`/sys/kernel/iommu_groups/${found.id}/reserved_regions`, found.reserved.unknown),
    ])
  }
  const foreign = members.filter((device) => card.foreignEndpoints.includes(device.address))
  if (foreign.length === 0) return pass('card-group', `IOMMU group ${found.id} holds nothing but this card.`, seen)
  const names = foreign.map(
    (device) =>
      `${shortAddress(device.address)} (${classWords(device.classId)}${device.driver === null ? '' : `, ${device.driver}`})`,
  )
  const text = `IOMMU group ${found.id} also holds ${names.join(', ')}; handing over part of a group is not possible, and taking these along is not handled yet.`
  return fail('card-group', text, seen, advise('Put the card into another slot, or look for "ACS" in firmware setup.'))
}

function identity(card: GpuView): Finding {
  const ids = card.functions
    .map((device) => `${shortAddress(device.address)} ${device.vendorId}:${device.deviceId}`)
    .join(', ')
  const twins = card.identicalTo.map(shortAddress).join(', ')
  const text =
    twins === ''
      ? 'No other card has the same ids.'
      : `${twins} has the same ids; binding goes by address, so only ${shortAddress(card.address)} moves.`
  return pass('card-identity', text, [saw(DEVICES, ids)])
}

function display(facts: Facts, card: GpuView): Finding {
  const boot = card.functions.find((device) => device.bootVga === true)
  const connected = card.functions.flatMap((device) => device.connectors).filter((connector) => connector.connected)
  const seen = [
    saw(`${DEVICES}/${card.address}/boot_vga`, boot === undefined ? '0' : '1'),
    saw(
      '/sys/class/drm',
      connected.map((connector) => `${connector.name} connected`).join('\n') || 'no monitor connected',
    ),
  ]
  const others = cardsOf(facts).filter((other) => other.address !== card.address)
  if (boot === undefined && connected.length === 0)
    return pass('card-display', 'No screen of the host hangs on this card.', seen)
  if (others.length > 0)
    return warn(
      'card-display',
      'A screen of the host hangs on this card; it goes dark when the card is bound. The other card keeps its own.',
      seen,
    )
  return warn(
    'card-display',
    'This is the only display of the host: its screen goes dark when the card is bound. Keep a remote session at hand.',
    seen,
  )
}

function holders(facts: Facts, card: GpuView): Finding {
  const mine = facts.holders.list.filter((holder) => card.functions.some((device) => device.address === holder.address))
  const seen = [
    saw(
      '/proc/*/fd',
      mine.map((holder) => `${holder.name} (pid ${holder.pid}): ${holder.node}`).join('\n') ||
        'nobody has a node of this card open',
    ),
  ]
  const bound = card.functions.every((device) => device.driver === 'vfio-pci')
  if (mine.length > 0) {
    const names = [...new Set(mine.map((holder) => `${holder.name} (pid ${holder.pid})`))].join(', ')
    return warn(
      'card-holders',
      `The card is in use by ${names}. Step 5 refuses while the GPU itself is held.`,
      seen,
      advise('Close them, or log out of the graphical session.'),
    )
  }
  if (facts.holders.complete || bound) return pass('card-holders', 'No process uses the card.', seen)
  return warn(
    'card-holders',
    'None of your own processes uses the card. Those of others show to root only; step 5 looks again with privilege before it unbinds.',
    seen,
  )
}

function reset(card: GpuView): Finding {
  const methods = card.functions[0]?.resetMethods ?? null
  const path = `${DEVICES}/${card.address}/reset_method`
  if (methods === null)
    return warn('card-reset', 'The kernel lists no way to reset this card; a VM may start only once per boot.', [
      saw(path, null),
    ])
  if (isUnknown(methods))
    return unknown('card-reset', 'How this card can be reset cannot be read.', [saw(path, methods.unknown)])
  if (methods.length === 0)
    return warn('card-reset', 'The kernel knows no way to reset this card; a VM may start only once per boot.', [
      saw(path, ''),
    ])
  return pass('card-reset', `The card can be reset (${methods.join(', ')}).`, [saw(path, methods.join(' '))])
}
