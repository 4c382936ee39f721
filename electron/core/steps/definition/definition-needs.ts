import { busOptions, needsDriver } from '#core/definition/disk/buses.ts'
import { decideDisk } from '#core/definition/disk/disk.ts'
import { decideTpm } from '#core/definition/firmware/tpm.ts'
import { isProof, isWindows } from '#core/definition/machine/profile.ts'
import { citeChoice } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import { citeCommand } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { present } from '#shared/plan/want-file.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, pass, warn } from '../step.ts'
import { answersNeed } from './answers-needs.ts'
import { folderNeeds } from './folder-needs.ts'
import { firmware, machineType } from './hardware-needs.ts'
import { imageNeeds, imageStarts } from './image-needs.ts'
import { lacking } from './lacking.ts'
import { networkNeeds, portNeeds } from './network-needs.ts'
import { peripheralsNeeds } from './peripherals-needs.ts'
import { movedNeeds } from './place/moved.ts'
import { placeNeeds } from './place/needs.ts'
import { romNeeds } from './rom-needs.ts'

/** Judges whether this host has what the chosen kind of VM needs. */
export function needs(situation: Situation): Finding[] {
  const { facts, choices, written } = situation
  const { qemu } = facts
  if (qemu === null || isUnknown(qemu)) return []
  const about = { facts, choices, qemu, written: written.get(choices.definition.name) ?? null }
  if (isProof(choices.definition)) return present([machineType(about)])
  return present([
    machineType(about),
    firmware(about),
    tpm(facts, choices),
    diskTool(facts, choices),
    drivers(choices),
    disc(choices),
    answersNeed(situation),
    ...busNeeds(qemu, choices),
    ...networkNeeds(about),
    ...portNeeds(situation),
    ...imageNeeds(about),
    ...placeNeeds(about),
    ...movedNeeds(about),
    imageStarts(about),
    ...peripheralsNeeds(facts, choices),
    ...romNeeds(about),
    ...folderNeeds(about),
  ])
}

function tpm(facts: Facts, { definition }: Choices): Finding | null {
  const wanted = definition.tpm ?? definition.profile === 'windows-11'
  if (!wanted || facts.tools['swtpm'] === true) {
    const { value, reason } = decideTpm(facts, definition)
    return value ? pass('definition-tpm', reason, [citeCommand('swtpm', 'installed')]) : null
  }
  return fail(
    'definition-tpm',
    'The TPM cannot be emulated: swtpm is not installed.',
    [citeCommand('swtpm', null)],
    manualFix('Install the package swtpm, then check again. Windows 11 setup refuses a machine without a TPM.'),
  )
}

function diskTool(facts: Facts, { definition }: Choices): Finding | null {
  if (decideDisk(definition).value?.kind !== 'new' || facts.tools['qemu-img'] === true) return null
  return fail(
    'definition-disk-tool',
    'A new disk image cannot be made: qemu-img is not installed.',
    [citeCommand('qemu-img', null)],
    manualFix(
      'Install the package qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL), or choose an existing image.',
    ),
  )
}

/** Judges whether this QEMU has the buses that disks were put on. */
function busNeeds(qemu: QemuFacts, { definition }: Choices): Finding[] {
  const used = [definition.diskBus, ...definition.moreDisks.map(({ bus }) => bus)]
  return lacking(qemu, busOptions(qemu), used, {
    code: 'definition-disk',
    text: (title) => `No disk can be on ${title}`,
    fix: 'Put the disk on another bus.',
  })
}

function drivers({ definition }: Choices): Finding | null {
  if (!isWindows(definition) || definition.driverIso !== null || definition.installIso === null) return null
  if (!needsDriver(definition.diskBus)) return null
  return warn(
    'definition-drivers',
    'Windows setup will not see the disk: it has no driver for virtio and no disc with one is chosen.',
    [citeChoice('no virtio-win disc')],
    manualFix(
      'Choose the virtio-win ISO (from the virtio-win project) as driver disc, or put the disk on SATA or NVMe.',
    ),
  )
}

function disc({ definition }: Choices): Finding | null {
  if (definition.installIso !== null || decideDisk(definition).value?.kind !== 'new') return null
  return warn(
    'definition-disc',
    'The new disk is empty and there is no installation disc: the VM would start into its firmware only.',
    [citeChoice('no installation disc')],
    manualFix('Choose the ISO of the system to install, or an existing disk image.'),
  )
}

/** Judges what the VM was to have and cannot: it is not reserved, or it vanished. */
export function missingUnits({ facts, missing }: Situation): Finding[] {
  return missing.map((address) => {
    const device = facts.devices.find((candidate) => candidate.address === address)
    const code = { code: 'definition-extra', about: address } as const
    const seen = [citeFile(`/sys/bus/pci/devices/${address}/driver`, device?.driver ?? null)]
    const at = shortAddress(address)
    if (device === undefined)
      return fail(code, `${at} cannot go along: it is not there any more.`, seen, manualFix('Leave it out.'))
    const holder = device.driver === null ? 'without a driver' : `on ${device.driver}`
    const text = `${at} cannot go along: it is ${holder}, and not reserved for VMs.`
    return fail(code, text, seen, fixInStep('cards', 'Reserve it in step 4, or leave it out.'))
  })
}
