import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import type { Decided } from '../decided.ts'
import { takenUpdate } from '../hardware/update.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice, OptionContext } from '../topic.ts'
import { biosReason, usesBios } from './bios.ts'
import { keptFirmware, wantsSecureBoot } from './kept.ts'
import { newestFirmware } from './newest.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu' | 'written'>

/**
 * The firmware a VM has: what it was made with, unless an update was taken; for a new one Secure Boot for Windows 11, none
 * elsewhere, unless chosen. Null: SeaBIOS or none.
 */
export function decideFirmware(about: About): Decided<VmFirmware | null> {
  const { definition: choice } = about.choices
  if (isProof(choice)) return { value: null, reason: 'QEMU loads the kernel itself.' }
  if (usesBios(about)) return { value: null, reason: biosReason(about) }
  const secure = wantsSecureBoot(about)
  const value = takenUpdate(about)?.firmware ?? keptFirmware(about) ?? newestFirmware(about, secure)
  if (value === null) return { value, reason: 'No fitting UEFI firmware is installed.' }
  return { value, reason: firmwareReason(choice, secure) }
}

function firmwareReason(choice: Choice, secure: boolean): string {
  if (choice.secureBoot !== null) return `UEFI ${secure ? 'with' : 'without'} Secure Boot, as you chose.`
  if (secure) return 'UEFI with Secure Boot and Microsoft’s keys: Windows 11 asks for it.'
  if (choice.profile === 'windows-11')
    return 'UEFI that could check signatures, with Secure Boot off: no keys are there for it. Windows 11 asks for no more.'
  return choice.profile === 'linux'
    ? 'UEFI without Secure Boot: it would refuse a driver module built on the guest.'
    : 'UEFI without Secure Boot: Windows 10 does not ask for it.'
}
