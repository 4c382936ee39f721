import { isUnknown } from '#shared/base/unknown.ts'
import type { StartsBy } from '#shared/facts/images/image-file.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import { imageAt } from '../disk/image-format.ts'
import { isProof } from '../machine/profile.ts'
import type { Choice, OptionContext } from '../topic.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'written'>

/** Windows 11 cannot do with SeaBIOS, and the proof guest needs no firmware. */
function mayHaveBios({ profile }: Choice): boolean {
  return profile === 'windows-10' || profile === 'linux'
}

/** How the system on the chosen image starts; null: there is none, or it is not known yet. */
export function imageStart({ facts, choices }: Pick<About, 'facts' | 'choices'>): StartsBy | null {
  const { disk } = choices.definition
  return disk?.kind === 'image' ? (imageAt(disk.path, facts)?.startsBy ?? null) : null
}

/**
 * Whether the VM has SeaBIOS: as chosen, else as it was made, else as the system on its image starts. A system that is
 * still to be installed gets UEFI.
 */
export function usesBios(about: About): boolean {
  const { definition: choice } = about.choices
  if (!mayHaveBios(choice)) return false
  return choice.bios ?? madeWithBios(about) ?? imageStart(about) === 'bios'
}

/** Null: it was not made yet, or its disk is another one now. */
function madeWithBios({ choices: { definition }, written }: About): boolean | null {
  if (written === null || isProof(written)) return null
  const image = definition.disk?.kind === 'image' ? definition.disk.path : null
  const former = written.disk?.kind === 'image' ? written.disk.path : null
  return image === former ? written.firmware === null : null
}

/** Whether nobody but the admin can tell how the system on the image starts, told or not. */
export function biosAsked(about: About): boolean {
  const { definition: choice } = about.choices
  if (!mayHaveBios(choice) || choice.installIso !== null) return false
  return madeWithBios(about) === null && ['unknown', 'none'].includes(imageStart(about) ?? '')
}

export function biosReason({ choices }: About): string {
  return choices.definition.bios === true
    ? 'SeaBIOS, which comes with QEMU, as you chose.'
    : 'SeaBIOS, which comes with QEMU: the image has no EFI partition.'
}

/** VGA of the guest goes through to the card only by a kernel built for it (drivers/vfio/pci/Kconfig). */
export function biosOption(about: About): DefinitionView['bios'] {
  const { kernel } = about.facts
  const is = { offered: mayHaveBios(about.choices.definition), value: usesBios(about), asked: biosAsked(about) }
  if (['bios', 'both'].includes(imageStart(about) ?? '') || is.asked)
    return {
      ...is,
      text: 'For a system that was installed so; the card shows its picture once its driver runs.',
      blocked: null,
    }
  const text =
    'Only to follow the paper. The card then is the guest’s VGA (x-vga), and takes the host’s VGA addresses while it runs; switch the screen below off for that.'
  const known = isUnknown(kernel.config) ? null : (kernel.config.options['VFIO_PCI_VGA'] ?? 'n')
  if (known === 'y') return { ...is, text, blocked: null }
  const why =
    known === null
      ? 'Whether this kernel has CONFIG_VFIO_PCI_VGA, which the card’s picture needs then, cannot be read.'
      : 'This kernel is built without CONFIG_VFIO_PCI_VGA, so the card would show nothing. UEFI needs no such kernel.'
  return { ...is, text, blocked: why }
}
