import { isMenuClosed } from '#core/boot/adapters.ts'
import type { Initramfs } from '#core/boot/initramfs/initramfs.ts'
import type { RuleInImage } from '#core/boot/rule-in-image.ts'
import { citeChoice, citeFile, citeHost, citeProof } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import type { EarlyFunction } from '#core/texts/early-bind.ts'
import { textOf } from '#core/texts/want-text.ts'
import { stuckNote } from '#shared/base/own-files.ts'
import { capital } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, pass, readAsRoot, unknown, warn } from '../step.ts'
import { bindBlockers, earlyFunctions, reservedNoMore, userOf } from './bind-plan.ts'

/** Judges whether a reserved unit can be taken from the host at all. */
export function unitReady(unit: ReservedView): Finding {
  const code = { code: 'bind-card', about: unit.address } as const
  const seen = [
    citeFile('/sys/bus/pci/devices', unit.verdict.reasons.map((reason) => reason.text).join('\n')),
    citeFile('/sys/kernel/iommu_groups', unit.groups.length === 0 ? 'none with this card' : unit.groups.join(' ')),
    // What the host needs is followed from what it has mounted.
    citeFile('/proc/self/mounts', needsOf(unit)),
  ]
  const what = `${unit.name} at ${shortAddress(unit.address)}`
  const blockers = bindBlockers(unit).filter(({ code: reason }) => reason !== 'no-group')
  if (blockers.length > 0) {
    const why = blockers.map((reason) => reason.text).join(' ')
    return fail(
      code,
      `${what} cannot be handed over as it stands. ${why}`,
      seen,
      fixInStep('cards', 'Step 4 says why.'),
    )
  }
  if (unit.iommuGroup === null) {
    const text = `${what} has no IOMMU group, because the IOMMU is off.`
    return fail(code, text, seen, fixInStep('boot', 'Step 3 switches it on; then reboot.'))
  }
  const later = unit.when === 'vm' ? ' Its VM takes it at its start; nothing is bound here.' : ''
  return pass(code, `${what}, IOMMU group ${unit.groups.join(', ')}.${later}`, seen)
}

/** Returns what the host needs of a unit and of its groups. */
function needsOf({ verdict: { reasons, lesser } }: UnitView): string {
  const needs = [...reasons, ...lesser].flatMap(({ need }) => need ?? [])
  return needs.length === 0 ? 'nothing of this card is needed' : needs.join('\n')
}

/** Judges functions on which the kernel hung in an earlier try of the helper, which notes it. */
export function stuck({ address, functions }: ReservedView): Finding[] {
  const hanging = functions.filter((device) => device.stuck)
  if (hanging.length === 0) return []
  const names = hanging.map((device) => shortAddress(device.address)).join(', ')
  const seen = hanging.map((device) => citeFile(stuckNote(device.address), 'is there'))
  const text = `The kernel hangs on ${names} since an earlier try, so nothing more is tried.`
  const fix = manualFix('Reboot the host; then this step, and undo, go on from there.')
  return [fail({ code: 'bind-stuck', about: address }, text, seen, fix)]
}

/** Judges who uses a function that is still to be moved: the write that takes it away could hang for good. */
export function inUse({ facts, choices }: Situation, unit: ReservedView): Finding[] {
  const code = { code: 'bind-in-use', about: unit.address } as const
  const open = unit.functions.filter((device) => !heldByVfio(device))
  const mine = facts.holders.list.filter((holder) => open.some((device) => device.address === holder.address))
  const users = mine.filter(blocksUnbind)
  if (users.length === 0) return open.filter((device) => device.driver === 'nvidia').map(persistence)
  const seen = [citeFile('/proc/*/fd, /proc/*/maps', users.map((holder) => `${holder.pid} ${holder.node}`).join('\n'))]
  const who = `${unit.name} at ${shortAddress(unit.address)} is in use by ${holderNames(users)}`
  if (!choices.bind.live && unit.when === 'boot') return [warn(code, `${who}; it moves at the next boot.`, seen)]
  const instead =
    unit.when === 'boot'
      ? ' Or untick "Move now what is bound at each boot" below: it then moves at the next boot.'
      : ''
  const fix = manualFix(`${stopAdvice(users)} Then check again.${instead}`)
  return [fail(code, `${who}, so nothing is taken from its driver.`, seen, fix)]
}

/** Persistence mode holds the card without any open file, and no file tells whether it is on. */
function persistence(device: Device): Finding {
  const at = shortAddress(device.address)
  const text = `${at} is on NVIDIA’s driver; whether its persistence mode keeps it in use cannot be read.`
  const seen = [citeFile('/proc/*/fd, /proc/*/maps', 'nobody uses a node of this card')]
  const off = `Switch it off first (nvidia-smi -i ${device.address} -pm 0). Should the kernel hang on the card all the same, the program stops there and asks for a reboot.`
  return warn({ code: 'bind-persistence', about: device.address }, text, seen, manualFix(off))
}

/** Says which functions, reserved no more, a VM that is up still has: they are given back after its end. */
export function keptByVm(situation: Situation): Finding[] {
  return reservedNoMore(situation).flatMap((device) => {
    const vm = userOf(situation, device)
    if (vm === null) return []
    const text = `${shortAddress(device.address)} is not reserved any more, but the VM "${vm}" has it.`
    const fix = manualFix(`Shut "${vm}" down; then this step gives it back to the host.`)
    return [warn({ code: 'bind-kept-by-vm', about: device.address }, text, [citeProof(`VM "${vm}"`, 'is up')], fix)]
  })
}

export function loaded(facts: Facts): Finding {
  const path = '/sys/bus/pci/drivers/vfio-pci'
  if (facts.kernel.vfioPciReady) return pass('bind-driver-ready', 'vfio-pci is loaded.', [citeFile(path, 'exists')])
  return fail(
    'bind-driver-ready',
    'vfio-pci is not loaded.',
    [citeFile(path, null)],
    fixInStep('kernel', 'Step 2 loads it.'),
  )
}

/** Judges the rule for each boot, where one is wanted. */
export function early(situation: Situation): Finding[] {
  const { reserved } = situation
  const atBoot = reserved.filter(({ when }) => when === 'boot')
  if (atBoot.length > 0) return [atEachBoot(situation, earlyFunctions(situation))]
  const text = 'By your choice nothing is bound at boot: after each reboot the host has all of it.'
  return [pass('bind-at-boot', text, [citeChoice('no unit is reserved at each boot')])]
}

function atEachBoot(situation: Situation, functions: readonly EarlyFunction[]): Finding {
  const { facts, initramfs: tool } = situation
  const left = tool?.planEarlyBind(facts, functions) ?? null
  if (tool !== null && left !== null) return byRule(situation, tool, left.length > 0)
  const name = tool === null ? 'this initramfs generator' : `${tool.name} as it is set up here`
  return warn(
    'bind-at-boot',
    `Binding at each boot is not handled with ${name}: after a reboot this step has to be applied again.`,
    facts.boot.initramfs.map((found) => citeHost(found.id, found.evidence)),
  )
}

/** `isOpen`: the rule is still to be written. */
function byRule({ facts, ruleInImage }: Situation, tool: Initramfs, isOpen: boolean): Finding {
  if (isOpen && isMenuClosed(facts)) return closedMenu(facts)
  return !isOpen && ruleInImage !== null ? boundAtBoot(ruleInImage, facts, tool) : toBeBound(facts, tool)
}

/** Which images are copied elsewhere, or are parts of another, is told by what starts the host. */
function closedMenu({ boot: { closed } }: Facts): Finding {
  const text = 'What starts this host can be read by root only, and what boots next is to be built for it.'
  return unknown(
    'bind-at-boot',
    text,
    closed.map((path) => citeFile(path, 'permission denied')),
    readAsRoot(closed),
  )
}

function toBeBound(facts: Facts, tool: Initramfs): Finding {
  if (tool.runBySystemd && !facts.network.systemd) return nobodyRunsIt(tool)
  const text = `What is reserved at each boot will be bound ${HOW} Proven on: ${tool.earlyProvenOn}.`
  return pass('bind-at-boot', text, [citeFile(tool.earlyFile, textOf(facts, tool.earlyFile))])
}

/** Told before anything is written; the helper looks into what was built, and takes a rule back that nothing would run. */
function nobodyRunsIt({ name }: Initramfs): Finding {
  const text = `No systemd runs on this host, so ${name} packs none into the initramfs, and nothing there would run the rule. What was built is looked into, and taken back if so.`
  const instead = 'Reserve it in step 4 until the next reboot; that needs no rule.'
  return warn('bind-at-boot', text, [citeFile('/run/systemd/system', null)], fixInStep('cards', instead))
}

/** Written is not built in: what boots next is judged by what it holds. Where that is not the rule, it is built again. */
function boundAtBoot({ verdict, text, evidence }: RuleInImage, facts: Facts, tool: Initramfs): Finding {
  if (verdict === 'lacks') return toBeBound(facts, tool)
  if (verdict === 'unseen')
    return unknown(
      'bind-at-boot',
      `The rule for each boot is written; ${text}. The next reboot will show it.`,
      evidence,
      facts.boot.closed.length > 0 ? readAsRoot(facts.boot.closed) : null,
    )
  const how = `What is reserved at each boot is bound ${HOW} ${capital(text)}.`
  return pass('bind-at-boot', `${how} Proven on: ${tool.earlyProvenOn}.`, evidence)
}

const HOW = 'by address, ids and its way through the ports, before any other driver can take it.'
