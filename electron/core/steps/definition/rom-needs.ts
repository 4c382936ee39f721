import { usesBios } from '#core/definition/firmware/bios.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeChoice, citeFile } from '#core/evidence.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { PciRom } from '#shared/facts/images/image-file.ts'
import { type Device, shortAddress } from '#shared/facts/pci.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, manualFix, pass, warn } from '../step.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'written'>

/** A function that gets the bytes of a file for its ROM. */
interface Replaced {
  device: Device
  file: string
}

/** Judges ROM files: that the VM's user can read each, that it is a ROM, and for which device. */
export function romNeeds(about: About): Finding[] {
  return about.choices.definition.roms.flatMap(({ address, file }) => {
    const device = about.facts.devices.find((one) => one.address === address)
    return device === undefined || file === null ? [] : [romNeed({ device, file }, about)]
  })
}

function romNeed({ device, file }: Replaced, about: About): Finding {
  const found = about.facts.images[file]
  const at = { code: 'definition-rom', about: device.address } as const
  if (file === '/')
    return fail(
      at,
      `Which file ${shortAddress(device.address)} gets its ROM from is not said yet.`,
      [citeChoice('no ROM file')],
      manualFix('Give its path, or take the card’s own ROM.'),
    )
  if (found === undefined || found === null)
    return fail(
      at,
      `The ROM file ${file} is not there, or the VM’s user may not look into its directory.`,
      [citeFile(file, null)],
      manualFix('Give the VM’s user the file and every directory above it, or take the card’s own ROM.'),
    )
  if (isUnknown(found))
    return fail(
      at,
      `The ROM file ${file} cannot be read: ${found.unknown}.`,
      [citeFile(file, found.unknown)],
      manualFix('Let the VM’s user read it.'),
    )
  if (found.rom === undefined)
    return fail(
      at,
      `${file} is no ROM of a PCI card: it does not begin with one.`,
      [citeFile(file, found.kind)],
      manualFix('Read it again from the card, or take the card’s own ROM.'),
    )
  return judged({ device, file }, found.rom, about)
}

function judged({ device, file }: Replaced, { at, images }: PciRom, about: About): Finding {
  const where = { code: 'definition-rom', about: device.address } as const
  const said = images.map(({ vendorId, deviceId, code }) => `${vendorId}:${deviceId} ${code}`).join(', ')
  const seen = [citeFile(file, `from byte ${at}: ${said}`)]
  if (at > 0)
    return fail(
      where,
      `${file} begins with ${at} bytes that are no part of the ROM, so the guest would not find it.`,
      seen,
      manualFix(`Cut them off: tail -c +${at + 1} ${shellQuote(file)} > NEW.rom`),
    )
  const { vendorId, deviceId } = device
  if (!images.some((image) => image.vendorId === vendorId && image.deviceId === deviceId))
    return warn(
      where,
      `${file} is for another device (${said}) than ${shortAddress(device.address)} (${vendorId}:${deviceId}): its firmware may not use it.`,
      seen,
      manualFix('Take a ROM that was read from this very card.'),
    )
  if (!usesBios(about) && !images.some(({ code }) => code === 'uefi'))
    return warn(where, `${file} has no image for UEFI: the card shows nothing before the guest’s driver runs.`, seen)
  return pass(where, `${shortAddress(device.address)} gets the ROM in ${file}.`, seen)
}
