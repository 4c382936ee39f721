import type { Initramfs } from '#core/boot/initramfs/initramfs.ts'
import { citeFile } from '#core/evidence.ts'
import { citeChoice } from '#core/evidence.ts'
import { citeHost } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { otherScreens, passedFunctions } from '#core/units/units.ts'
import { stuckNote } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { heldByVfio, isVfioDriver, VFIO_PCI } from '#shared/units/drivers.ts'
import type { UnitReason, UnitView } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noCard } from '../cards/no-card.ts'
import { afterReboot, fail, fixInStep, manualFix, NO_CHANGES, pass, type PlanBody, type Step, warn } from '../step.ts'

export const bind: Step = {
  id: 'bind',
  title: 'Bind',
  paper: {
    did: 'The paper unbinds each function and writes its ids to new_id of vfio-pci.',
    we: 'new_id grabs every device with those ids, also a second card. We set driver_override by address on all functions first, then move the companions, the GPU last, each write watched with a time limit.',
  },
  gates: [],
  check: (situation) => [
    card(situation),
    ...stuck(situation),
    ...inUse(situation),
    driver(situation.facts),
    earlyRule(situation),
  ],
  plan: (situation) => {
    const { facts, choices, card: chosen } = situation
    if (chosen === null || !canBind(facts, chosen)) return NO_CHANGES
    const later = early(situation, chosen)
    if (!choices.bind.live) return { ...body(facts, chosen), changes: later, rebootNeeded: later.length > 0 }
    return { ...body(facts, chosen), changes: [...overrides(chosen), ...moves(chosen), ...later] }
  },
  verify: (situation) => {
    const { card: chosen } = situation
    if (chosen === null) return []
    const later = movesAtBoot(situation, chosen)
    return passedFunctions(chosen).map((device) => bound(device, later))
  },
}

/** Returns whether the rule for each boot is written, and nothing else is to move the card. */
function movesAtBoot({ facts, choices, initramfs }: Situation, card: UnitView): boolean {
  if (choices.bind.live || !choices.bind.atBoot) return false
  return initramfs?.planEarlyBind(facts, passedFunctions(card))?.length === 0
}

function canBind(facts: Facts, card: UnitView): boolean {
  const stuck = passedFunctions(card).some((device) => device.stuck)
  return bindBlockers(card).length === 0 && !stuck && facts.kernel.vfioPciReady
}

/** Returns what of the card's verdict forbids taking it from its drivers. */
function bindBlockers({ verdict: { status, reasons } }: UnitView): UnitReason[] {
  if (status === 'blocked' || status === 'unknown') return reasons
  return reasons.filter(({ code }) => code === 'group-shared' || code === 'no-group')
}

function body(facts: Facts, card: UnitView): Pick<PlanBody, 'rebootNeeded' | 'risk' | 'confirm'> {
  const held = passedFunctions(card).filter((device) => !heldByVfio(device))
  const losesPicture = held.some(
    (device) => device.bootVga === true || device.connectors.some((connector) => connector.connected),
  )
  if (!losesPicture) return { rebootNeeded: false, risk: 'reversible', confirm: null }
  if (otherScreens(facts, card).length > 0) return { rebootNeeded: false, risk: 'may-lose-display', confirm: null }
  const danger = `${card.name} is the only card of this host with a screen. It goes dark until the card is given back.`
  return { rebootNeeded: false, risk: 'may-lose-display', confirm: { type: shortAddress(card.address), danger } }
}

/** A driver made for this very device took it, as a variant of vfio-pci; nobody needs to force the common one on it. */
function onVariant({ driver }: Device): boolean {
  return isVfioDriver(driver) && driver !== VFIO_PCI
}

function overrides(card: UnitView): PlannedChange[] {
  const open = passedFunctions(card).filter((device) => !isVfioDriver(device.driverOverride) && !onVariant(device))
  return open.map((device) => ({
    change: {
      kind: 'override-driver',
      address: device.address,
      override: VFIO_PCI,
      expected: { override: device.driverOverride, vendorId: device.vendorId, deviceId: device.deviceId },
    },
    reason: `From now on only vfio-pci may take ${shortAddress(device.address)}.`,
    before: null,
  }))
}

/** Consumers (audio, USB) first, the GPU last: the kernel links them as consumer and supplier. */
function moves(card: UnitView): PlannedChange[] {
  const held = passedFunctions(card).filter((device) => !heldByVfio(device))
  const ordered = [...held.filter((device) => !isGpu(device)), ...held.filter((device) => isGpu(device))]
  return ordered.map((device) => ({
    change: {
      kind: 'bind-driver',
      address: device.address,
      driver: VFIO_PCI,
      expected: { driver: device.driver, vendorId: device.vendorId, deviceId: device.deviceId },
    },
    reason:
      device.driver === null
        ? `Gives ${shortAddress(device.address)} to vfio-pci.`
        : `Moves ${shortAddress(device.address)} from ${device.driver} to vfio-pci.`,
    before: null,
  }))
}

function early({ facts, choices, initramfs }: Situation, card: UnitView): PlannedChange[] {
  if (!choices.bind.atBoot) return []
  return initramfs?.planEarlyBind(facts, passedFunctions(card)) ?? []
}

function card(situation: Situation): Finding {
  const { card: chosen } = situation
  if (chosen === null) return noCard(situation, 'bind-card')
  const seen = [
    citeFile('/sys/bus/pci/devices', chosen.verdict.reasons.map((reason) => reason.text).join('\n')),
    citeFile('/sys/kernel/iommu_groups', chosen.groups.length === 0 ? 'none with this card' : chosen.groups.join(' ')),
    // What the host needs is followed from what it has mounted.
    citeFile('/proc/self/mounts', needsOf(chosen)),
  ]
  const blockers = bindBlockers(chosen).filter(({ code }) => code !== 'no-group')
  if (blockers.length > 0) {
    const why = blockers.map((reason) => reason.text).join(' ')
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

/** Returns what the host needs of the card and of its groups. */
function needsOf({ verdict: { reasons, lesser } }: UnitView): string {
  const needs = [...reasons, ...lesser].flatMap(({ need }) => need ?? [])
  return needs.length === 0 ? 'nothing of this card is needed' : needs.join('\n')
}

/** On which the kernel hung in an earlier try of the helper, which notes it. */
function stuck({ card: chosen }: Situation): Finding[] {
  const hanging = chosen?.functions.filter((device) => device.stuck) ?? []
  if (hanging.length === 0) return []
  const names = hanging.map(({ address }) => shortAddress(address)).join(', ')
  const seen = hanging.map(({ address }) => citeFile(stuckNote(address), 'is there'))
  const text = `The kernel hangs on ${names} since an earlier try, so nothing more is tried.`
  return [fail('bind-stuck', text, seen, manualFix('Reboot the host; then this step, and undo, go on from there.'))]
}

/** Who uses a function that is still to be moved: the write that takes it away could hang for good. */
function inUse({ facts, choices, card: chosen }: Situation): Finding[] {
  const open = chosen?.functions.filter((device) => !heldByVfio(device)) ?? []
  const mine = facts.holders.list.filter((holder) => open.some((device) => device.address === holder.address))
  const users = mine.filter(blocksUnbind)
  if (users.length === 0) return open.filter((device) => device.driver === 'nvidia').map(persistence)
  const seen = [citeFile('/proc/*/fd, /proc/*/maps', users.map((holder) => `${holder.pid} ${holder.node}`).join('\n'))]
  if (!choices.bind.live && choices.bind.atBoot)
    return [warn('bind-in-use', `The card is in use by ${holderNames(users)}; it moves at the next boot.`, seen)]
  const text = `The card is in use by ${holderNames(users)}, so nothing is taken from its driver.`
  const instead = 'Or untick "Move the card now" below: it then moves at the next boot.'
  return [fail('bind-in-use', text, seen, manualFix(`${stopAdvice(users)} Then check again. ${instead}`))]
}

/** Persistence mode holds the card without any open file, and no file tells whether it is on. */
function persistence(device: Device): Finding {
  const at = shortAddress(device.address)
  const text = `${at} is on NVIDIA’s driver; whether its persistence mode keeps it in use cannot be read.`
  const seen = [citeFile('/proc/*/fd, /proc/*/maps', 'nobody uses a node of this card')]
  const off = `Switch it off first (nvidia-smi -i ${device.address} -pm 0). Should the kernel hang on the card all the same, the program stops there and asks for a reboot.`
  return warn('bind-persistence', text, seen, manualFix(off))
}

function driver(facts: Facts): Finding {
  const path = '/sys/bus/pci/drivers/vfio-pci'
  if (facts.kernel.vfioPciReady) return pass('bind-driver-ready', 'vfio-pci is loaded.', [citeFile(path, 'exists')])
  return fail(
    'bind-driver-ready',
    'vfio-pci is not loaded.',
    [citeFile(path, null)],
    fixInStep('kernel', 'Step 2 loads it.'),
  )
}

function earlyRule({ facts, choices, initramfs }: Situation): Finding {
  if (!choices.bind.atBoot && !choices.bind.live) {
    const text = 'Nothing is chosen to move the card: neither now nor at each boot.'
    return fail('bind-at-boot', text, [citeChoice('neither')], manualFix('Tick one of the two below.'))
  }
  if (!choices.bind.atBoot)
    return pass('bind-at-boot', 'By your choice the card is the host’s again after each reboot.', [])
  return atBoot(facts, initramfs)
}

function atBoot(facts: Facts, tool: Initramfs | null): Finding {
  if (tool !== null && tool.planEarlyBind(facts, []) !== null) return boundAtBoot(facts, tool)
  const name = tool === null ? 'this initramfs generator' : `this version of ${tool.name}`
  return warn(
    'bind-at-boot',
    `Binding at each boot is not handled with ${name}: after a reboot this step has to be applied again.`,
    facts.boot.initramfs.map((found) => citeHost(found.id, found.evidence)),
  )
}

function boundAtBoot(facts: Facts, tool: Initramfs): Finding {
  const rule = facts.files[tool.earlyFile]
  const written = rule !== undefined && rule !== null && !isUnknown(rule)
  const when = `The card ${written ? 'is' : 'will be'} bound by address at each boot, before any other driver can take it.`
  const seen = [citeFile(tool.earlyFile, written ? rule.text : null)]
  return pass('bind-at-boot', `${when} Proven on: ${tool.earlyProvenOn}.`, seen)
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
