import { usesBios } from '#core/definition/firmware/bios.ts'
import { firmwareTrouble } from '#core/definition/firmware/fit.ts'
import { decideFirmware } from '#core/definition/firmware/uefi.ts'
import { offeredUpdate } from '#core/definition/hardware/update.ts'
import { decideMachine } from '#core/definition/machine/machine.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeChoice, citeCommand, citeFile } from '#core/evidence.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { packageOf } from '../distros/packages.ts'
import { fail, manualFix, pass } from '../step.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu' | 'written'>

const DESCRIPTORS = '/usr/share/qemu/firmware, /etc/qemu/firmware'
const UPDATE = 'Take the update of the VM’s hardware that step 8 offers'

/** Judges whether this QEMU still has the machine type that the VM was made with. */
export function machineType(about: About): Finding | null {
  const { written, qemu } = about
  if (written === null) return null
  const machine = decideMachine(about)
  const seen = [citeCommand(`${qemu.binary} -machine help`, qemu.machines.find((one) => one === machine) ?? null)]
  if (!qemu.machines.includes(machine))
    return fail(
      'definition-hardware',
      `This QEMU has no ${machine} any more, which the VM was made with.`,
      seen,
      manualFix(`${UPDATE}. The guest sees a new machine then; Windows may ask for activation.`),
    )
  const newer = offeredUpdate(about) === null ? '' : ' Newer hardware is offered below, and taken only when you say so.'
  return pass('definition-hardware', `The VM keeps the hardware it was made with: ${machine}.${newer}`, seen)
}

/** Judges UEFI: that it is there, and that code and variables belong together. */
export function firmware(about: About): Finding {
  const { facts, qemu, choices } = about
  const { value, reason } = decideFirmware(about)
  if (usesBios(about)) return pass('definition-firmware', reason, [citeChoice('SeaBIOS')])
  const seen = [citeFile(DESCRIPTORS, qemu.firmware.map((found) => found.descriptor).join('\n') || null)]
  if (value === null)
    return fail(
      'definition-firmware',
      'No UEFI firmware for this VM is installed.',
      seen,
      manualFix(`Install ${packageOf(facts, 'uefi')}, then check again.`),
    )
  const trouble = firmwareTrouble({ name: choices.definition.name, firmware: value, facts, qemu })
  if (trouble === null) return pass('definition-firmware', reason, seen)
  const update = offeredUpdate(about) === null ? '' : ` ${UPDATE}, or`
  const advice = `Nothing is started with these.${update} install the firmware package again that they came with.`
  return fail('definition-firmware', trouble, [...seen, citeFile(value.code, trouble)], manualFix(advice))
}
