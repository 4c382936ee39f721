import type { QemuFacts } from '#shared/facts/facts.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import { hasVirtioPorts } from '../qemu/control.ts'
import type { Choice } from '../topic.ts'

/** Package names of Debian 13, and of Fedora and Arch; RHEL 9 has it in none. */
const NO_SPICE =
  'This QEMU has no SPICE. It may be a package apart: qemu-system-modules-spice, or qemu-audio-spice and qemu-ui-spice-core.'

/**
 * Looking Glass types by itself where the program in its guest is the newer one, the display driver (IDD); with the older
 * one its client types and points by SPICE (its documentation of August 2026, "Input").
 */
export function decideSpice(choice: Choice, qemu: Pick<QemuFacts, 'audio'>): Decided<boolean> {
  if (isProof(choice)) return { value: false, reason: 'The proof guest needs none.' }
  const blocked = spiceBlocked(qemu)
  if (blocked !== null) return { value: false, reason: blocked }
  if (choice.spice !== null) return { value: choice.spice, reason: 'As you chose.' }
  return choice.lookingGlass === null
    ? { value: false, reason: 'For virt-viewer, which shares the clipboard; the console needs none.' }
    : {
        value: true,
        reason: 'For the clipboard in Looking Glass, and for keyboard and mouse with older versions of it.',
      }
}

/**
 * Why this QEMU cannot serve a SPICE viewer; null: it can. QEMU counts SPICE among its back ends for sound where it
 * was built with it (audio/spiceaudio.c).
 */
export function spiceBlocked({ audio }: Pick<QemuFacts, 'audio'>): string | null {
  return audio?.includes('spice') === true ? null : NO_SPICE
}

/**
 * A second way to the screen, with clipboard, on a socket of its own. Nobody but its user enters the directory, so it
 * asks for no ticket. The clipboard travels to spice-vdagent in the guest by a port of that name (spice-space.org).
 */
export function spiceArguments({ definition, qemu, paths }: ArgumentContext): ArgumentGroup[] {
  if (!definition.spice) return []
  const clipboard = [
    ...['-chardev', 'spicevmc,id=vdagent0,name=vdagent'],
    ...['-device', 'virtserialport,bus=ports.0,chardev=vdagent0,name=com.redhat.spice.0'],
  ]
  return [
    {
      reason: 'Screen, keyboard, mouse and clipboard for SPICE viewers, on a socket beside the others; no TCP port.',
      args: [
        '-spice',
        `unix=on,addr=${optionValue(paths.spice)},disable-ticketing=on,disable-agent-file-xfer=on`,
        ...(hasVirtioPorts(qemu) ? clipboard : []),
      ],
    },
  ]
}
