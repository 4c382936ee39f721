import { isUnknown } from '#shared/base/unknown.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import { isProof } from '../machine/profile.ts'
import type { OptionContext } from '../topic.ts'
import { usesBios } from './bios.ts'
import { madeOf, secureBootBlocked } from './newest.ts'
import { varsFile } from './vars-file.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'qemu' | 'written'>

/** As chosen, else as the VM was made, else for Windows 11 where there are firmware and keys for it. */
export function wantsSecureBoot({ facts, choices, qemu, written }: About): boolean {
  const { secureBoot, profile } = choices.definition
  const made = written?.profile === profile ? written.firmware?.secureBoot : undefined
  return secureBoot ?? made ?? (profile === 'windows-11' && secureBootBlocked({ facts, qemu }) === null)
}

/**
 * The firmware that a VM was written with, as long as the same kind is chosen; null: it had none. A VM from before that
 * was kept gets what lies there now, where it fits the variables it has.
 */
export function keptFirmware(about: About): VmFirmware | null {
  const { choices, written } = about
  const former = written?.firmware ?? null
  const { definition: choice } = choices
  const other = isProof(choice) || usesBios(about) || former?.secureBoot !== wantsSecureBoot(about)
  return former === null || other ? null : noted(former, about)
}

function noted(former: VmFirmware, { facts, choices }: About): VmFirmware {
  const made = former.made ?? madeOf(former, facts)
  const store = facts.flashes[varsFile(choices.definition.name, former)]
  const other = store !== undefined && store !== null && (isUnknown(store) || store.bytes !== made?.vars.bytes)
  return former.made !== undefined || made === undefined || other ? former : { ...former, made }
}
