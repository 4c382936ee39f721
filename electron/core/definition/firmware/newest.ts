import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, FirmwareFact, QemuFacts } from '#shared/facts/facts.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import type { OptionContext } from '../topic.ts'
import { varsFile } from './vars-file.ts'

/** Firmware that checks signatures, with Microsoft's keys in place; null: none is installed. */
export function secureFirmware(qemu: QemuFacts): FirmwareFact | null {
  return checking(qemu).find(({ features }) => features.includes('enrolled-keys')) ?? null
}

/**
 * Firmware that would check signatures once it had keys, so that its Secure Boot is off; null: none is installed. Arch has
 * no other, and Windows 11 asks for no more than that it could (Microsoft, "Windows 11 requirements").
 */
export function keylessFirmware(qemu: QemuFacts): FirmwareFact | null {
  return checking(qemu).find(({ features }) => !features.includes('enrolled-keys')) ?? null
}

/** The same where the keys can be put into a VM's own variables: virt-fw-vars reads flash images, and here only raw ones. */
function enrollable({ facts, qemu }: Pick<OptionContext, 'facts' | 'qemu'>): FirmwareFact | null {
  if (facts.tools['virt-fw-vars'] !== true) return null
  const found = keylessFirmware(qemu)
  return found?.varsFormat === 'raw' ? found : null
}

/** Why a VM made now would have no Secure Boot; null: it can. */
export function secureBootBlocked(about: Pick<OptionContext, 'facts' | 'qemu'>): string | null {
  if (secureFirmware(about.qemu) !== null || enrollable(about) !== null) return null
  return keylessFirmware(about.qemu) === null
    ? 'No firmware with Secure Boot is installed here.'
    : 'The firmware that is installed here has no keys, and virt-fw-vars, which puts them in, is missing (package virt-firmware or python3-virt-firmware).'
}

function checking({ firmware, machineProperties }: QemuFacts): FirmwareFact[] {
  const smm = machineProperties?.includes('smm') ?? false
  return firmware.filter(
    ({ features }) => features.includes('secure-boot') && (smm || !features.includes('requires-smm')),
  )
}

/** Firmware that boots anything; one that could check signatures but holds no keys does so too. */
function plainFirmware(qemu: QemuFacts): FirmwareFact | null {
  const open = qemu.firmware.filter(({ features }) => !features.includes('enrolled-keys'))
  return open.find(({ features }) => !features.includes('requires-smm')) ?? open[0] ?? null
}

/** The firmware that a VM made now would get; null: none is installed. */
export function newestFirmware(
  { facts, choices, qemu }: Pick<OptionContext, 'facts' | 'choices' | 'qemu'>,
  secureBoot: boolean,
): VmFirmware | null {
  const { profile, secureBoot: chosen } = choices.definition
  const keyless = profile === 'windows-11' && chosen === null ? keylessFirmware(qemu) : null
  const enrolled = secureBoot && secureFirmware(qemu) === null
  const found = secureBoot ? (secureFirmware(qemu) ?? enrollable({ facts, qemu })) : (keyless ?? plainFirmware(qemu))
  if (found === null) return null
  const { code, codeFormat, varsTemplate, varsFormat, features } = found
  const smm = features.includes('requires-smm')
  const keys = enrolled ? { enrolled } : {}
  const firmware = { code, codeFormat, varsTemplate, varsFormat, secureBoot, smm, ...keys }
  const made = madeOf(firmware, facts)
  return withStore(choices.definition.name, { ...firmware, ...(made === undefined ? {} : { made }) }, facts)
}

/** Code and variables as they are on the host now; undefined: they cannot both be read. */
export function madeOf({ code, varsTemplate }: VmFirmware, { flashes }: Pick<Facts, 'flashes'>): VmFirmware['made'] {
  const [codeFile, vars] = [flashes[code], flashes[varsTemplate]].map((file) => {
    if (file === undefined || file === null || isUnknown(file) || file.sha256 === null) return null
    return { bytes: file.bytes, sha256: file.sha256 }
  })
  return codeFile && vars ? { code: codeFile, vars } : undefined
}

/** Variables of another size lie there already, for other code: these get a file beside them. */
function withStore(name: string, firmware: VmFirmware, { flashes }: Facts): VmFirmware {
  const there = flashes[varsFile(name, firmware)]
  const bytes = firmware.made?.vars.bytes
  if (there === undefined || there === null || isUnknown(there) || bytes === undefined || there.bytes === bytes)
    return firmware
  const ending = firmware.varsFormat === 'qcow2' ? 'qcow2' : 'fd'
  return { ...firmware, vars: `vars${firmware.secureBoot ? '-secure' : ''}-${bytes / 1024}k.${ending}` }
}
