import type { FirmwareFact, QemuFacts } from '#shared/facts/facts.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice } from '../topic.ts'

/** SeaBIOS, as in the paper; Windows 11 cannot do with it. */
export function usesBios({ bios, profile }: Pick<Choice, 'bios' | 'profile'>): boolean {
  return bios && (profile === 'windows-10' || profile === 'linux')
}

/** Firmware that checks signatures, with Microsoft's keys in place; null: none is installed. */
export function secureFirmware(qemu: QemuFacts): FirmwareFact | null {
  const smm = qemu.machineProperties?.includes('smm') ?? false
  return (
    qemu.firmware.find(
      ({ features }) =>
        features.includes('secure-boot') &&
        features.includes('enrolled-keys') &&
        (smm || !features.includes('requires-smm')),
    ) ?? null
  )
}

/** Firmware that boots anything; one that could check signatures but holds no keys does so too. */
function plainFirmware(qemu: QemuFacts): FirmwareFact | null {
  const open = qemu.firmware.filter(({ features }) => !features.includes('enrolled-keys'))
  return open.find(({ features }) => !features.includes('requires-smm')) ?? open[0] ?? null
}

/** The descriptor for a profile: Secure Boot for Windows 11, none elsewhere, unless chosen. Null: SeaBIOS or none. */
export function decideFirmware(choice: Choice, qemu: QemuFacts): Decided<VmFirmware | null> {
  if (isProof(choice)) return { value: null, reason: 'QEMU loads the kernel itself.' }
  if (usesBios(choice)) return { value: null, reason: 'SeaBIOS, which comes with QEMU, as you chose.' }
  const secure = choice.secureBoot ?? choice.profile === 'windows-11'
  const found = secure ? secureFirmware(qemu) : plainFirmware(qemu)
  if (found === null) return { value: null, reason: 'No fitting UEFI firmware is installed.' }
  const { code, codeFormat, varsTemplate, varsFormat, features } = found
  const value = {
    code,
    codeFormat,
    varsTemplate,
    varsFormat,
    secureBoot: secure,
    smm: features.includes('requires-smm'),
  }
  return { value, reason: firmwareReason(choice, secure) }
}

function firmwareReason(choice: Choice, secure: boolean): string {
  if (choice.secureBoot !== null) return `UEFI ${secure ? 'with' : 'without'} Secure Boot, as you chose.`
  if (secure) return 'UEFI with Secure Boot and Microsoft’s keys: Windows 11 asks for it.'
  return choice.profile === 'linux'
    ? 'UEFI without Secure Boot: it would refuse a driver module built on the guest.'
    : 'UEFI without Secure Boot: Windows 10 does not ask for it.'
}
