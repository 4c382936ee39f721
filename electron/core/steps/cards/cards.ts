import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { claimsOn } from '#core/units/reasons/claims.ts'
import { describeEndpoint } from '#core/units/reasons/facet.ts'
import { otherScreens } from '#core/units/units.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { blocksGroup, heldByVfio } from '#shared/units/drivers.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, pass, reversible, type Step, unknown, warn } from '../step.ts'
import { lostFinding } from './no-card.ts'
import { virtualFindings, virtualPlan } from './virtual-functions.ts'

const DEVICES = '/sys/bus/pci/devices'

export const cards: Step = {
  id: 'cards',
  title: 'Cards',
  paper: {
    did: 'The paper lists NVIDIA devices with lspci and unbinds them.',
    we: 'We judge every card by its IOMMU group, by what the host needs, and by who uses it. The whole slot goes together; nothing is unbound before step 5.',
  },
  gates: [],
  check: () => [],
  plan: (situation) => reversible(virtualPlan(situation), false),
  verify: (situation) => {
    const { facts, reserved, lost } = situation
    const virtual = virtualFindings(situation)
    if (reserved.length === 0 && lost.length === 0) return [choose(situation), ...virtual]
    return [...lost.map(lostFinding), ...reserved.flatMap((unit) => judged(facts, unit, reserved)), ...virtual]
  },
}

/** Judges one reserved unit. `all`: what goes beside it. */
function judged(facts: Facts, unit: ReservedView, all: readonly ReservedView[]): Finding[] {
  const found = [blockers(unit), group(facts, unit), ...parts(facts, unit, all)]
  return found.map((finding) => ({ ...finding, about: unit.address }))
}

function parts(facts: Facts, unit: ReservedView, all: readonly ReservedView[]): Finding[] {
  const picture = unit.kind === 'card' ? [display(facts, unit, all), ...textConsole(facts, unit)] : []
  return [identity(unit), ...picture, holders(facts, unit), reset(unit)]
}

function choose({ cards, choices }: Situation): Finding {
  const listed = cards.map((card) => `${shortAddress(card.address)} ${card.name}`).join('; ')
  const seen = [citeFile(DEVICES, listed || 'no display controller')]
  if (cards.length === 0) {
    return fail(
      'no-gpu',
      'This host has no GPU that the kernel can see.',
      seen,
      manualFix('Check that the card is seated and powered, and not switched off in firmware.'),
    )
  }
  const possible = cards.filter((card) => card.verdict.status !== 'blocked')
  if (possible.length === 0) {
    const why = cards.map((card) => `${card.name}: ${card.verdict.reasons[0]?.text ?? 'ruled out'}`).join(' ')
    return fail('no-usable-gpu', `None of the ${cards.length} cards can be handed over. ${why}`, seen)
  }
  const text =
    choices.cards.units === null
      ? `Choose which of ${possible.length} cards go to VMs.`
      : 'Nothing is reserved for VMs, by your choice.'
  return fail('gpu-choice', text, seen, fixInStep('cards', 'Choose below.'))
}

function blockers(card: UnitView): Finding {
  const { status, reasons } = card.verdict
  const seen = reasons.map((reason) => citeFile(DEVICES, reason.text))
  const what = `${card.name} at ${shortAddress(card.address)}`
  const why = reasons.map((reason) => reason.text).join(' ')
  if (status === 'blocked') return fail('card-viable', `${what} cannot be handed over: ${why}`, seen)
  if (status === 'unknown')
    return unknown('card-viable', `Whether ${what} can be handed over is not known. ${why}`, seen)
  const virtual = reasons.find(({ code }) => code === 'has-virtual-functions')
  if (virtual !== undefined) {
    const fix = fixInStep('cards', 'Reserve its virtual functions, or take them away below first.')
    return fail('card-viable', `${what} cannot be handed over: ${virtual.text}`, seen, fix)
  }
  const count = card.functions.length
  return pass(
    'card-viable',
    `${what} can be handed over, ${count === 1 ? 'its one function' : `all ${count} functions together`}.`,
    seen,
  )
}

function group(facts: Facts, card: UnitView): Finding {
  const groups = facts.iommu.groups.filter((candidate) => card.groups.includes(candidate.id))
  if (groups.length === 0) return noGroup(facts, card)
  const members = facts.devices.filter((device) => card.groupMembers.includes(device.address))
  const names = groups.map((found) => `${found.id}`).join(', ')
  const seen = groups.map((found) => {
    const inside = members.filter((device) => found.devices.includes(device.address))
    const quote = inside.map((device) => `${shortAddress(device.address)} ${describeEndpoint(device)}`).join('\n')
    return citeFile(`/sys/kernel/iommu_groups/${found.id}/devices`, quote)
  })
  const foreign = members.filter((device) => card.foreignEndpoints.includes(device.address))
  if (foreign.length === 0) {
    const word = groups.length === 1 ? 'group' : 'groups'
    return pass(
      'card-group',
      `IOMMU ${word} ${names}: nothing but this card${card.bridges.length === 0 ? '' : ' and bridges'}.`,
      seen,
    )
  }
  const list = foreign.map((device) => endpoint(facts, device)).join('; ')
  if (!foreign.some(({ driver }) => blocksGroup(driver)))
    return pass('card-group', `IOMMU group ${names} also holds ${list}; nothing of the host works in it.`, seen)
  return fail(
    'card-group',
    `IOMMU group ${names} also holds ${list}. A group goes to the VM as a whole or not at all.`,
    seen,
    manualFix(wayOut(facts, foreign)),
  )
}

function noGroup(facts: Facts, card: UnitView): Finding {
  const seen = [citeFile(`${DEVICES}/${card.address}/iommu_group`, null)]
  if (facts.iommu.groups.length > 0)
    return fail(
      'card-group',
      'The IOMMU is on, but this card is in none of its groups, so it cannot be handed over.',
      seen,
    )
  return fail(
    'card-group',
    'The card has no IOMMU group, because the IOMMU is off.',
    seen,
    fixInStep('boot', 'Step 3 switches the IOMMU on.'),
  )
}

/** `02:00.0 (NVMe controller on nvme: /data is mounted from it (/dev/nvme0n1p1))`. */
function endpoint(facts: Facts, device: Device): string {
  const uses = claimsOn(facts, device.address).map((claim) => claim.detail)
  return `${shortAddress(device.address)} (${[describeEndpoint(device), ...new Set(uses)].join(': ')})`
}

function wayOut(facts: Facts, foreign: readonly Device[]): string {
  const slot = 'Put the card into another slot, or look for "ACS" in firmware setup.'
  if (foreign.some((device) => claimsOn(facts, device.address).length > 0)) return slot
  return `${slot} The host can spare what else is in the group; it can also go along: tick it at the card, or name it in "companions" of the choice.`
}

function identity(card: UnitView): Finding {
  const ids = card.functions
    .map((device) => `${shortAddress(device.address)} ${device.vendorId}:${device.deviceId}`)
    .join(', ')
  const twins = card.identicalTo.map(shortAddress).join(', ')
  const text =
    twins === ''
      ? 'No other card has the same ids.'
      : `${twins} has the same ids; binding goes by address, so only ${shortAddress(card.address)} moves.`
  return pass('card-identity', text, [citeFile(`${DEVICES}/*/vendor`, ids)])
}

/** Judges who draws the text consoles: without the card's driver they go on elsewhere or nowhere. */
function textConsole(facts: Facts, card: UnitView): Finding[] {
  const buffer = card.functions.find((device) => device.framebuffer !== null && !heldByVfio(device))
  if (buffer === undefined || facts.framebufferConsole === false) return []
  const seen = [
    citeFile(`${DEVICES}/${buffer.address}/graphics`, buffer.framebuffer),
    citeFile('/sys/class/vtconsole', facts.framebufferConsole === true ? 'frame buffer device, bound' : 'not readable'),
  ]
  if (facts.framebufferConsole !== true)
    return [unknown('card-console', 'Whether the text console is drawn on this card cannot be read.', seen)]
  const text = `The text console (Ctrl-Alt-F3) is drawn on this card, by ${buffer.framebuffer ?? ''}; it is gone while the VM has it.`
  return [warn('card-console', text, seen, manualFix('Keep another way in: a second card, or SSH.'))]
}

function display(facts: Facts, card: UnitView, all: readonly UnitView[]): Finding {
  const boot = card.functions.find((device) => device.bootVga === true)
  const connected = card.functions.flatMap((device) => device.connectors).filter((connector) => connector.connected)
  const seen = [
    citeFile(`${DEVICES}/${card.address}/boot_vga`, boot === undefined ? '0' : '1'),
    citeFile(
      '/sys/class/drm',
      connected.map((connector) => `${connector.name} connected`).join('\n') || 'no monitor connected',
    ),
  ]
  if (boot === undefined && connected.length === 0)
    return pass('card-display', 'No screen of the host hangs on this card.', seen)
  if (otherScreens(facts, all).length > 0)
    return warn(
      'card-display',
      'A screen of the host hangs on this card; it goes dark when the card is bound. The other card keeps its own.',
      seen,
    )
  return warn(
    'card-display',
    'The host shows a picture through this card only: its screen goes dark when the card is bound. Keep a remote session at hand.',
    seen,
  )
}

function holders(facts: Facts, card: UnitView): Finding {
  const mine = facts.holders.list.filter((holder) => card.functions.some((device) => device.address === holder.address))
  const quote = mine.map((holder) => `${holderNames([holder])}: ${holder.node}`).join('\n')
  const seen = [citeFile('/proc/*/fd, /proc/*/maps', quote || 'nobody uses a node of this card')]
  const bound = card.functions.every(heldByVfio)
  if (mine.length > 0) {
    const bars = mine.some(blocksUnbind) ? ' Step 5 refuses as long as this lasts.' : ''
    return warn('card-holders', `The card is in use by ${holderNames(mine)}.${bars}`, seen, manualFix(stopAdvice(mine)))
  }
  if (facts.holders.complete || bound) return pass('card-holders', 'No process uses the card.', seen)
  return warn(
    'card-holders',
    'None of your own processes uses the card. Those of others show to root only; step 5 looks again with privilege before it unbinds.',
    seen,
  )
}

function reset(card: ReservedView): Finding {
  const methods = card.functions[0]?.resetMethods ?? null
  const path = `${DEVICES}/${card.address}/reset_method`
  const [bad] = card.verdict.warnings
  if (bad !== undefined) return badly(card, bad.text, [citeFile(path, methodsText(methods))])
  if (methods === null)
    return warn('card-reset', 'The kernel lists no way to reset this card; a VM may start only once per boot.', [
      citeFile(path, null),
    ])
  if (isUnknown(methods))
    return unknown('card-reset', 'How this card can be reset cannot be read.', [citeFile(path, methods.unknown)])
  if (methods.length === 0)
    return warn('card-reset', 'The kernel knows no way to reset this card; a VM may start only once per boot.', [
      citeFile(path, ''),
    ])
  return pass('card-reset', `The card can be reset (${methods.join(', ')}).`, [citeFile(path, methods.join(' '))])
}

function methodsText(methods: Device['resetMethods']): string | null {
  return isUnknown(methods) ? methods.unknown : (methods?.join(' ') ?? null)
}

/** A card that does not come back cannot be the host's again when its VM ends. */
function badly({ when }: ReservedView, text: string, seen: Finding['evidence']): Finding {
  if (when !== 'vm') return warn('card-reset', text, seen)
  const fix = fixInStep('cards', 'Have it reserved at each boot below, so that it never has to go back.')
  return fail('card-reset', `${text} So it cannot be the host’s in between.`, seen, fix)
}
