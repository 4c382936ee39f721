import { initramfsFor } from '#core/boot/adapters.ts'
import type { Initramfs } from '#core/boot/initramfs/initramfs.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { type Device, isBridge, isGpu, shortAddress } from '#shared/facts/pci.ts'
import type { GpuView } from '#shared/ipc/snapshot.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { chosenCard, noCard, otherScreens } from '../cards/card.ts'
import { blocksGroup } from '../cards/card-verdict.ts'
import {
  afterReboot,
  cite,
  fail,
  fixInStep,
  manualFix,
  NO_CHANGES,
  pass,
  type PlanBody,
  type Step,
  warn,
} from '../step.ts'

export const bind: Step = {
  id: 'bind',
  title: 'Bind',
  paper: {
    did: 'The paper unbinds each function and writes its ids to new_id of vfio-pci.',
    we: 'new_id grabs every device with those ids, also a second card. We set driver_override by address on all functions first, then move the companions, the GPU last, each write watched with a time limit.',
  },
  check: (facts, choices) => [card(facts, choices), ...inUse(facts, choices), driver(facts), earlyRule(facts, choices)],
  plan: (facts, choices) => {
    const chosen = chosenCard(facts, choices)
    if (chosen === null || !canBind(facts, chosen)) return NO_CHANGES
    const later = early(facts, choices, chosen)
    if (!choices.bind.live) return { ...body(facts, chosen), changes: later, rebootNeeded: later.length > 0 }
    return { ...body(facts, chosen), changes: [...overrides(chosen), ...moves(chosen), ...later] }
  },
  verify: (facts, choices) => {
    const chosen = chosenCard(facts, choices)
    if (chosen === null) return []
    const waits = movesAtBoot(facts, choices, chosen)
    return passedFunctions(chosen).map((device) => bound(device, waits))
  },
}

/** Whether the rule for each boot is written, and nothing else is to move the card. */
function movesAtBoot(facts: Facts, choices: Choices, card: GpuView): boolean {
  if (choices.bind.live || !choices.bind.atBoot) return false
  return initramfsFor(facts, choices)?.planEarlyBind(facts, passedFunctions(card))?.length === 0
}

/** Functions that go to the VM: all of the slot but bridges. */
export function passedFunctions(card: GpuView): Device[] {
  return card.functions.filter((device) => !isBridge(device))
}

function canBind(facts: Facts, card: GpuView): boolean {
  return (
    card.verdict.status !== 'blocked' &&
    card.verdict.status !== 'unknown' &&
    card.functions.every((device) => device.iommuGroup !== null) &&
    !groupBarred(facts, card) &&
    facts.kernel.vfioPciReady
  )
}

function groupBarred(facts: Facts, card: GpuView): boolean {
  return facts.devices.some((device) => card.foreignEndpoints.includes(device.address) && blocksGroup(device))
}

function body(facts: Facts, card: GpuView): Pick<PlanBody, 'rebootNeeded' | 'risk' | 'confirm'> {
  const held = passedFunctions(card).filter((device) => device.driver !== 'vfio-pci')
  const darkens = held.some(
    (device) => device.bootVga === true || device.connectors.some((connector) => connector.connected),
  )
  if (!darkens) return { rebootNeeded: false, risk: 'reversible', confirm: null }
  if (otherScreens(facts, card).length > 0) return { rebootNeeded: false, risk: 'may-lose-display', confirm: null }
  const danger = `${card.name} is the only card of this host with a screen. It goes dark until the card is given back.`
  return { rebootNeeded: false, risk: 'may-lose-display', confirm: { type: shortAddress(card.address), danger } }
}

function overrides(card: GpuView): PlannedChange[] {
  const open = passedFunctions(card).filter((device) => device.driverOverride !== 'vfio-pci')
  return open.map((device) => ({
    change: {
      kind: 'override-driver',
      address: device.address,
      override: 'vfio-pci',
      expected: { override: device.driverOverride, vendorId: device.vendorId, deviceId: device.deviceId },
    },
    reason: `From now on only vfio-pci may take ${shortAddress(device.address)}.`,
    before: null,
  }))
}

/** Consumers (audio, USB) first, the GPU last: the kernel links them as consumer and supplier. */
function moves(card: GpuView): PlannedChange[] {
  const held = passedFunctions(card).filter((device) => device.driver !== 'vfio-pci')
  const ordered = [...held.filter((device) => !isGpu(device)), ...held.filter((device) => isGpu(device))]
  return ordered.map((device) => ({
    change: {
      kind: 'bind-driver',
      address: device.address,
      driver: 'vfio-pci',
      expected: { driver: device.driver, vendorId: device.vendorId, deviceId: device.deviceId },
    },
    reason:
      device.driver === null
        ? `Gives ${shortAddress(device.address)} to vfio-pci.`
        : `Moves ${shortAddress(device.address)} from ${device.driver} to vfio-pci.`,
    before: null,
  }))
}

function early(facts: Facts, choices: Choices, card: GpuView): PlannedChange[] {
  if (!choices.bind.atBoot) return []
  return initramfsFor(facts, choices)?.planEarlyBind(facts, passedFunctions(card)) ?? []
}

function card(facts: Facts, choices: Choices): Finding {
  const chosen = chosenCard(facts, choices)
  if (chosen === null) return noCard(facts, choices, 'bind-card')
  const seen = [cite('/sys/bus/pci/devices', chosen.verdict.reasons.map((reason) => reason.text).join('\n'))]
  const { status, reasons } = chosen.verdict
  const barring = reasons.filter(
    (reason) => status === 'blocked' || status === 'unknown' || reason.code === 'group-shared',
  )
  if (barring.length > 0) {
    const why = barring.map((reason) => reason.text).join(' ')
    return fail(
      'bind-card',
      `${chosen.name} at ${shortAddress(chosen.address)} cannot be handed over as it stands. ${why}`,
      seen,
      fixInStep('cards', 'Step 4 says why.'),
    )
  }
  if (chosen.iommuGroup === null)
    return fail(
      'bind-card',
      'The card has no IOMMU group, because the IOMMU is off.',
      seen,
      fixInStep('boot', 'Step 3 switches it on; then reboot.'),
    )
  return pass(
    'bind-card',
    `${chosen.name} at ${shortAddress(chosen.address)}, IOMMU group ${chosen.groups.join(', ')}.`,
    seen,
  )
}

/** Who uses a function that is still to be moved: the write that takes it away could hang for good. */
function inUse(facts: Facts, choices: Choices): Finding[] {
  const open = chosenCard(facts, choices)?.functions.filter((device) => device.driver !== 'vfio-pci') ?? []
  const mine = facts.holders.list.filter((holder) => open.some((device) => device.address === holder.address))
  const barring = mine.filter(blocksUnbind)
  if (barring.length === 0) return open.filter((device) => device.driver === 'nvidia').map(persistence)
  const seen = [cite('/proc/*/fd, /proc/*/maps', barring.map((holder) => `${holder.pid} ${holder.node}`).join('\n'))]
  if (!choices.bind.live && choices.bind.atBoot)
    return [warn('bind-in-use', `The card is in use by ${holderNames(barring)}; it moves at the next boot.`, seen)]
  const text = `The card is in use by ${holderNames(barring)}, so nothing is taken from its driver.`
  const instead = 'Or untick "Move the card now" below: it then moves at the next boot.'
  return [fail('bind-in-use', text, seen, manualFix(`${stopAdvice(barring)} Then check again. ${instead}`))]
}

/** Persistence mode holds the card without any open file, and no file tells whether it is on. */
function persistence(device: Device): Finding {
  const at = shortAddress(device.address)
  const text = `${at} is on NVIDIA’s driver; whether its persistence mode keeps it in use cannot be read.`
  const seen = [cite('/proc/*/fd, /proc/*/maps', 'nobody uses a node of this card')]
  const off = `Switch it off first (nvidia-smi -i ${device.address} -pm 0). Should the kernel hang on the card all the same, the program stops there and asks for a reboot.`
  return warn('bind-persistence', text, seen, manualFix(off))
}

function driver(facts: Facts): Finding {
  const path = '/sys/bus/pci/drivers/vfio-pci'
  if (facts.kernel.vfioPciReady) return pass('bind-driver-ready', 'vfio-pci is loaded.', [cite(path, 'exists')])
  return fail(
    'bind-driver-ready',
    'vfio-pci is not loaded.',
    [cite(path, null)],
    fixInStep('kernel', 'Step 2 loads it.'),
  )
}

function earlyRule(facts: Facts, choices: Choices): Finding {
  if (!choices.bind.atBoot && !choices.bind.live) {
    const text = 'Nothing is chosen to move the card: neither now nor at each boot.'
    return fail('bind-at-boot', text, [cite('choice', 'neither')], manualFix('Tick one of the two below.'))
  }
  if (!choices.bind.atBoot)
    return pass('bind-at-boot', 'By your choice the card is the host’s again after each reboot.', [])
  return atBoot(facts, initramfsFor(facts, choices))
}

function atBoot(facts: Facts, tool: Initramfs | null): Finding {
  if (tool !== null && tool.planEarlyBind(facts, []) !== null) return boundAtBoot(facts, tool)
  const name = tool === null ? 'this initramfs generator' : `this version of ${tool.name}`
  return warn(
    'bind-at-boot',
    `Binding at each boot is not handled with ${name}: after a reboot this step has to be applied again.`,
    facts.boot.initramfs.map((found) => cite(found.id, found.evidence)),
  )
}

function boundAtBoot(facts: Facts, tool: Initramfs): Finding {
  const rule = facts.files[tool.earlyFile]
  const written = rule !== undefined && rule !== null && !isUnknown(rule)
  const when = `The card ${written ? 'is' : 'will be'} bound by address at each boot, before any other driver can take it.`
  const seen = [cite(tool.earlyFile, written ? rule.text : null)]
  return pass('bind-at-boot', `${when} Proven on: ${tool.earlyProvenOn}.`, seen)
}

function bound(device: Device, waits: boolean): Finding {
  const path = `/sys/bus/pci/devices/${device.address}/driver`
  const seen = [cite(path, device.driver)]
  const code = `bound-${device.address.replaceAll(/[:.]/gu, '-')}`
  if (device.driver === 'vfio-pci') return pass(code, `${shortAddress(device.address)} is held by vfio-pci.`, seen)
  const holder = device.driver === null ? 'has no driver' : `is still held by ${device.driver}`
  if (waits) return afterReboot(code, `${shortAddress(device.address)} ${holder}; it moves at the next boot.`, seen)
  return fail(code, `${shortAddress(device.address)} ${holder}.`, seen)
}
