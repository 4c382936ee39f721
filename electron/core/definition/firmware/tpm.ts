import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice } from '../topic.ts'

export function decideTpm(facts: Facts, choice: Choice): Decided<boolean> {
  if (isProof(choice)) return { value: false, reason: 'The proof guest needs none.' }
  if (choice.tpm !== null) return { value: choice.tpm, reason: 'As you chose.' }
  if (choice.profile !== 'windows-11') return { value: false, reason: 'Only Windows 11 asks for one.' }
  const value = facts.tools['swtpm'] === true
  return { value, reason: value ? 'Windows 11 asks for TPM 2.0; swtpm emulates one.' : 'swtpm is not installed.' }
}

/** Why a guest cannot have a TPM here; null: it can. */
export function tpmBlocked(facts: Facts, qemu: QemuFacts): string | null {
  if (!qemu.devices.includes('tpm-crb')) return 'This QEMU has no tpm-crb.'
  return facts.tools['swtpm'] === true ? null : 'swtpm is not installed here.'
}

/** A TPM 2.0 emulated by swtpm, which start-vm.sh starts first. */
export function tpmArguments({ definition, paths }: ArgumentContext): ArgumentGroup[] {
  if (!definition.tpm) return []
  return [
    {
      reason: 'The TPM that Windows 11 asks for; swtpm listens on this socket.',
      args: [
        ...['-chardev', `socket,id=tpm0,path=${optionValue(paths.tpm)}`],
        ...['-tpmdev', 'emulator,id=tpm,chardev=tpm0', '-device', 'tpm-crb,tpmdev=tpm'],
      ],
    },
  ]
}
