import type { Decided } from '../decided.ts'
import { at } from '../hardware/root-bus.ts'
import { isProof, isWindows } from '../machine/profile.ts'
import { type ArgumentContext, type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import type { Choice } from '../topic.ts'

export function decideScreen(choice: Choice): Decided<boolean> {
  if (choice.screen !== null) return { value: choice.screen, reason: 'As you chose.' }
  if (isProof(choice)) return { value: true, reason: 'The console shows what the guest sees, as the guest draws it.' }
  return { value: true, reason: 'Needed to install the system; switch it off once the card’s driver shows a picture.' }
}

/**
 * A screen on a unix socket. Windows setup has a driver for plain VGA, and none for virtio; a kernel without a driver
 * for virtio's writes text on it all the same.
 */
export function screenArguments({ definition, qemu, paths }: ArgumentContext): ArgumentGroup[] {
  if (!definition.screen) {
    const reason = 'No window and no VGA of its own: the card is the display.'
    return [{ reason, args: ['-display', 'none', '-vga', 'none'] }]
  }
  const vga = !isWindows(definition) && qemu.devices.includes('virtio-vga') ? 'virtio-vga' : 'VGA'
  const socket = `unix:${optionValue(paths.vnc)},password=on`
  return [
    {
      // Without a password nobody gets in; the app sets a new one for each opening (set_password, expire_password).
      reason: 'A screen beside the card’s, on a socket in the same private directory; no TCP port.',
      args: ['-display', 'none', '-vga', 'none', '-device', `${vga}${at(definition, 'screen')}`, '-vnc', socket],
    },
  ]
}
