import { decideDisk, decideTpm, isWindows } from '#core/definition/definition.ts'
import { decideFirmware, needsFirmware, usesBios } from '#core/definition/firmware.ts'
import { notReady } from '#core/definition/view.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { present } from '#shared/plan/want-file.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { advise, fail, pass, saw, warn } from '../step.ts'
import { pluggedNeeds } from './peripherals-needs.ts'

const DESCRIPTORS = '/usr/share/qemu/firmware, /etc/qemu/firmware'

/** Whether this host has what the chosen kind of VM needs. */
export function needs(facts: Facts, choices: Choices): Finding[] {
  const { qemu } = facts
  if (qemu === null || isUnknown(qemu) || !needsFirmware(choices.machine.profile)) return []
  return present([
    firmware(qemu, choices),
    tpm(facts, choices),
    diskTool(facts, choices),
    drivers(choices),
    disc(choices),
    ...extras(facts, choices),
    ...pluggedNeeds(facts, choices),
  ])
}

function firmware(qemu: QemuFacts, { machine }: Choices): Finding {
  const { value, reason } = decideFirmware(machine, qemu)
  if (usesBios(machine)) return pass('machine-firmware', reason, [saw('choice', 'SeaBIOS')])
  const seen = [saw(DESCRIPTORS, qemu.firmware.map((found) => found.descriptor).join('\n') || null)]
  if (value !== null) return pass('machine-firmware', reason, seen)
  return fail(
    'machine-firmware',
    'No UEFI firmware for this VM is installed.',
    seen,
    advise('Install the package ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, RHEL, Arch), then check again.'),
  )
}

function tpm(facts: Facts, { machine }: Choices): Finding | null {
  const wanted = machine.tpm ?? machine.profile === 'windows-11'
  if (!wanted || facts.tools['swtpm'] === true) {
    const { value, reason } = decideTpm(facts, machine)
    return value ? pass('machine-tpm', reason, [saw('swtpm', 'installed')]) : null
  }
  return fail(
    'machine-tpm',
    'The TPM cannot be emulated: swtpm is not installed.',
    [saw('swtpm', null)],
    advise('Install the package swtpm, then check again. Windows 11 setup refuses a machine without a TPM.'),
  )
}

function diskTool(facts: Facts, { machine }: Choices): Finding | null {
  if (decideDisk(machine).value?.kind !== 'new' || facts.tools['qemu-img'] === true) return null
  return fail(
    'machine-disk-tool',
    'A new disk image cannot be made: qemu-img is not installed.',
    [saw('qemu-img', null)],
    advise('Install the package qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL), or choose an existing image.'),
  )
}

function drivers({ machine }: Choices): Finding | null {
  if (!isWindows(machine) || machine.driverIso !== null || machine.installIso === null) return null
  return warn(
    'machine-drivers',
    'Windows setup will not see the disk: it has no driver for virtio and no disc with one is chosen.',
    [saw('choice', 'no virtio-win disc')],
    advise('Choose the virtio-win ISO (from the virtio-win project) as driver disc.'),
  )
}

function disc({ machine }: Choices): Finding | null {
  if (machine.installIso !== null || decideDisk(machine).value?.kind !== 'new') return null
  return warn(
    'machine-disc',
    'The new disk is empty and there is no installation disc: the VM would start into its firmware only.',
    [saw('choice', 'no installation disc')],
    advise('Choose the ISO of the system to install, or an existing disk image.'),
  )
}

function extras(facts: Facts, { machine }: Choices): Finding[] {
  return machine.extraDevices.flatMap((address) => {
    const device = facts.devices.find((candidate) => candidate.address === address)
    const why = device === undefined ? 'It is not there any more.' : notReady(device)
    if (why === null) return []
    const seen = [saw(`/sys/bus/pci/devices/${address}/driver`, device?.driver ?? null)]
    return [fail('machine-extra', `${shortAddress(address)} cannot go along. ${why}`, seen, advise('Leave it out.'))]
  })
}
