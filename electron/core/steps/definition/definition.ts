import { hugePagesBlocked } from '#core/definition/compute/huge-pages.ts'
import { decideMemory } from '#core/definition/compute/memory.ts'
import { chooseProcessors } from '#core/definition/compute/processors.ts'
import { definitionText, vmUser } from '#core/definition/definition.ts'
import { lastKeyboard } from '#core/definition/devices/usb.ts'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { citeChoice } from '#core/evidence.ts'
import { citeCommand } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import { citeProof } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isReservedName, RENAME } from '#shared/base/new-vm-name.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { GIGANTIC_PAGES, HUGE_PAGE_MIB, HUGE_PAGES } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { noCard } from '../cards/no-card.ts'
import { isNixos, nixosText } from '../distros/nixos.ts'
import { packageOf } from '../distros/packages.ts'
import { proxmoxLines } from '../distros/proxmox.ts'
import { selinux } from '../distros/selinux.ts'
import { fail, manualFix, pass, type PlanBody, reversible, type Step, unknown, warn } from '../step.ts'
import { missingUnits, needs } from './definition-needs.ts'
import { definitionPlan } from './definition-plan.ts'

export const definition: Step = {
  id: 'definition',
  title: 'Definition',
  paper: {
    did: 'The paper runs one script as root: SeaBIOS, x-vga=on, kvm=off, VNC open to the whole network, 05:00.0 passed twice.',
    we: 'QEMU runs as an ordinary user in its sandbox, control and serial port are sockets in a private directory, no TCP port is opened, each function is passed once. The script is yours to read and run.',
  },
  gates: [],
  check: (situation) => {
    const { facts, choices } = situation
    return [
      ...name(choices),
      qemu(facts),
      user(facts),
      ...selinux(facts),
      ...declared(facts),
      card(situation),
      ...missingUnits(situation),
      ...hugePages(situation),
      ...processors(situation),
      ...needs(situation),
    ]
  },
  plan: ({ facts, choices, definition }) => {
    if (definition === null || isReservedName(definition.name)) return reversible([], false)
    if (facts.qemu === null || isUnknown(facts.qemu)) return reversible([], false)
    return confirmed(reversible(definitionPlan(facts, definition), false), facts, choices)
  },
  hostText: (situation) =>
    situation.facts.host.proxmox ? proxmoxLines(situation) : nixosText(situation, 'definition'),
  verify: ({ facts, definition }) =>
    definition === null ? [] : [written(facts, definition), accepted(facts, definition)],
}

/** Asks for the port to be typed where the last keyboard goes to the VM. */
function confirmed(body: PlanBody, facts: Facts, { definition: { usb } }: Choices): PlanBody {
  const keyboard = lastKeyboard(facts, { usb })
  if (keyboard === null || body.changes.length === 0) return body
  const danger = `While the VM runs this host has no keyboard: ${keyboard.name} is its only one.`
  return { ...body, confirm: { type: keyboard.port, danger } }
}

function name({ definition }: Choices): Finding[] {
  if (!isReservedName(definition.name)) return []
  const text = `No VM can be called "${definition.name}": that is a word of this program’s own.`
  return [fail('definition-name', text, [citeChoice(definition.name)], manualFix(RENAME))]
}

function qemu(facts: Facts): Finding {
  const source = 'qemu-system-x86_64'
  if (facts.qemu === null)
    return fail(
      'definition-qemu',
      'QEMU is not installed.',
      [citeCommand(source, null)],
      manualFix(`Install ${packageOf(facts, 'qemu')}.`),
    )
  if (isUnknown(facts.qemu))
    return unknown('definition-qemu', 'QEMU is installed but does not answer.', [
      citeCommand(source, facts.qemu.unknown),
    ])
  const { binary, version, devices } = facts.qemu
  if (!devices.includes(VFIO_PCI))
    return fail('definition-qemu', `This ${binary} cannot pass devices through: it has no ${VFIO_PCI}.`, [
      citeCommand(binary, `no ${VFIO_PCI} in -device help`),
    ])
  return pass('definition-qemu', `QEMU ${version} can pass devices through.`, [
    citeCommand(binary, `version ${version}, ${devices.length} devices`),
  ])
}

/** A VM is a unit in /etc/systemd/system, which on NixOS is made from the configuration. */
function declared(facts: Facts): Finding[] {
  if (!isNixos(facts)) return []
  const text = 'No VM of this program can be written on NixOS: its unit and its rule would lie below /etc.'
  const fix = 'Give the card to a VM of libvirt’s. What that needs of the host is in the lines on this page.'
  return [fail('definition-host', text, [citeFile('/etc/os-release', `ID=${facts.host.osId}`)], manualFix(fix))]
}

/** A fresh Proxmox VE has root alone. */
const NO_USER_ON_PROXMOX =
  'Proxmox VE comes with root alone. Give the card to one of its own VMs by the lines on this page, or create an account for a VM of this program ("adduser NAME" on a terminal), then check again.'

function user(facts: Facts): Finding {
  const found = vmUser(facts)
  if (found === null)
    return fail(
      'definition-user',
      'There is no ordinary user the VM could run as; it never runs as root.',
      [citeFile('/etc/passwd', 'no account with a uid from 1000 to 59999')],
      manualFix(facts.host.proxmox ? NO_USER_ON_PROXMOX : 'Create an account for the designer, then check again.'),
    )
  return pass('definition-user', `The VM runs as ${found.name}, not as root.`, [
    citeFile('/etc/passwd', `${found.name}:${found.uid}`),
  ])
}

function card(situation: Situation): Finding {
  const { facts, card: chosen, definition } = situation
  if (chosen === null) return noCard(situation, 'definition-card')
  const memory = definition?.memoryMiB ?? 0
  const seen = [citeFile('/proc/meminfo', `MemTotal ${facts.memory.totalMiB} MiB`)]
  if (memory + 1024 > facts.memory.totalMiB)
    return warn(
      'definition-card',
      `${memory} MiB for the VM leave less than 1 GiB of ${facts.memory.totalMiB} MiB to the host.`,
      seen,
    )
  return pass(
    'definition-card',
    `The VM gets ${chosen.name} at ${shortAddress(chosen.address)} and ${memory} MiB of memory.`,
    seen,
  )
}

function hugePages({ facts, choices: { definition: choice }, card }: Situation): Finding[] {
  if (!choice.hugePages) return []
  const blocked = hugePagesBlocked(facts, decideMemory(facts, choice, card).value.sizeMiB, choice.hugePageMiB)
  if (blocked === null) return []
  const pool = choice.hugePageMiB === HUGE_PAGE_MIB ? HUGE_PAGES : GIGANTIC_PAGES
  const advice = manualFix('Do what it says, or choose pages of another size in step 8.')
  return [fail('definition-huge-pages', `Huge pages cannot be used. ${blocked}`, [citeFile(pool, blocked)], advice)]
}

/** Says why the processors that were named cannot be had. */
function processors({ facts, choices: { definition: choice }, card }: Situation): Finding[] {
  const { problem } = chooseProcessors(facts, choice, card)
  if (problem === null || choice.processors === null) return []
  const advice = manualFix('Name others of this host’s processors, or empty the field to have them decided.')
  const text = `The VM cannot have the processors ${choice.processors}. ${problem}`
  return [fail('definition-processors', text, [citeChoice(choice.processors)], advice)]
}

function written(facts: Facts, definition: VmDefinition): Finding {
  const open = definitionPlan(facts, definition)
  const { home } = vmPaths(definition.name)
  if (open.length === 0)
    return pass('definition-written', `The VM "${definition.name}" is defined in ${home}.`, [
      citeFile(vmPaths(definition.name).definition, definitionText(definition)),
    ])
  return fail('definition-written', `The VM "${definition.name}" is not written yet, or differs from the choices.`, [
    citeFile(home, `${open.length} changes to make`),
  ])
}

/** Evidence of the dry start: the same arguments without the card, started paused and ended again. */
function accepted(facts: Facts, definition: VmDefinition): Finding {
  if (facts.qemu === null || isUnknown(facts.qemu))
    return unknown('definition-accepted', 'Whether QEMU accepts the definition is not known.', [])
  const argv = flatten(vmArguments(definition, facts.qemu, false)).join(' ')
  const { dryStart } = facts.proofs
  if (dryStart?.argv !== argv)
    return unknown('definition-accepted', 'QEMU has not been asked yet whether it accepts these arguments.', [])
  const seen = [citeProof(`${facts.qemu.binary} -S (${dryStart.at})`, dryStart.said)]
  if (!dryStart.accepted)
    return fail(
      'definition-accepted',
      `QEMU does not accept the definition: ${dryStart.said.split('\n')[0] ?? ''}`,
      seen,
    )
  return pass('definition-accepted', 'QEMU started it paused, without the card, and ended it again.', seen)
}
