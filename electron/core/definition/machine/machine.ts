import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { memoryBackend } from '../compute/memory.ts'
import { keylessFirmware, secureFirmware } from '../firmware/newest.ts'
import { tpmBlocked } from '../firmware/tpm.ts'
import { newestMachine, takenUpdate } from '../hardware/update.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { OptionContext, Topic } from '../topic.ts'

const NO_UEFI = 'No UEFI firmware is installed here (package ovmf or edk2-ovmf).'

export const machine: Topic<'machine'> = {
  define: (context) => {
    const { name, profile } = context.choices.definition
    return { name, profile, machine: decideMachine(context) }
  },
  view: ({ facts, qemu }) => ({ profiles: profiles(facts, qemu) }),
  choicesOf: ({ name, profile }) => ({ name, profile }),
  argv: {
    machine: (context) => [
      {
        reason: 'Name, also of the threads (for pinning and for ps).',
        args: ['-name', `guest=${context.definition.name},debug-threads=on`],
      },
      properties(context),
      {
        reason: 'Nothing that was not asked for: no default VGA, network card or configuration file.',
        args: ['-nodefaults', '-no-user-config'],
      },
    ],
  },
}

/** A guest keeps the machine type it was made with: Windows asks for activation on a new one. */
export function decideMachine(context: Pick<OptionContext, 'facts' | 'choices' | 'qemu' | 'written'>): string {
  return takenUpdate(context)?.machine ?? context.written?.machine ?? newestMachine(context.qemu)
}

const NO_KERNEL =
  'The image of the running kernel is neither in /boot nor beside its modules; after a kernel update, reboot first.'

function profiles(facts: Facts, qemu: QemuFacts): DefinitionView['profiles'] {
  const uefi = qemu.firmware.length === 0 ? NO_UEFI : null
  const checks = secureFirmware(qemu) ?? keylessFirmware(qemu)
  const eleven = uefi ?? (checks === null ? 'No firmware with Secure Boot is installed here.' : null)
  return [
    {
      id: 'windows-11',
      title: 'Windows 11 designer',
      text: 'Secure Boot, TPM 2.0 and what Windows knows of Hyper-V.',
      blocked: eleven ?? tpmBlocked(facts, qemu),
    },
    { id: 'windows-10', title: 'Windows 10', text: 'UEFI and what Windows knows of Hyper-V.', blocked: uefi },
    { id: 'linux', title: 'Linux', text: 'UEFI and virtio devices; the guest brings its own drivers.', blocked: uefi },
    {
      id: 'proof-guest',
      title: 'Proof guest',
      text: 'This host’s own kernel with one script that reports the card it sees. Needs no disk and no installation.',
      blocked: facts.kernel.image === null ? NO_KERNEL : null,
    },
  ]
}

function properties({ definition, qemu }: ArgumentContext): ArgumentGroup {
  const known = qemu.machineProperties ?? []
  const wanted = [
    ...(definition.firmware?.smm === true ? [['smm', 'on']] : []),
    ['vmport', 'off'],
    ['hpet', 'off'],
    ['mem-merge', 'off'],
    ['dump-guest-core', 'off'],
  ]
  const given = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => `,${pair.join('=')}`)
  const memory = memoryBackend(definition, qemu) === null ? '' : ',memory-backend=ram'
  return {
    reason:
      'A PCIe machine with hardware virtualization; memory is not merged with others’ and stays out of core dumps.',
    args: ['-machine', `${definition.machine},accel=kvm${given.join('')}${memory}`],
  }
}
