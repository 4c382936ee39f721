import type { QemuFacts } from '#shared/facts/facts.ts'
import { AGENT_PORT } from '#shared/facts/guest-report.ts'
import { slotOf } from '#shared/facts/pci.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { type ArgumentGroup, optionValue } from './argument-group.ts'

type Devices = Pick<QemuFacts, 'devices'>

/** `ioh3420` only where QEMU has no generic port. Chassis and slot have to differ from port to port. */
function rootPort(qemu: Devices, id: string, number: number): string[] {
  const port = qemu.devices.includes('pcie-root-port') ? 'pcie-root-port' : 'ioh3420'
  return ['-device', `${port},id=${id},bus=pcie.0,chassis=${number},slot=${number}`]
}

/** A root port for each slot of the card, its functions in their places. Cards with a switch of their own have several. */
export function cardArguments(definition: VmDefinition, qemu: Devices): ArgumentGroup {
  const args = slotsOf(definition).flatMap((slot, index) => {
    const functions = definition.functions.filter((address) => slotOf(address) === slot)
    const devices = functions.flatMap((address, place) => {
      const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
      const first = place === 0 ? ',multifunction=on' : ''
      const vga = definition.legacyVga && address === definition.functions[0] ? ',x-vga=on' : ''
      return ['-device', `vfio-pci,host=${address},bus=card${index},${at}${first}${vga}`]
    })
    return [...rootPort(qemu, `card${index}`, index + 1), ...devices]
  })
  return { reason: 'The card: a root port for each of its slots, all functions in their places.', args }
}

function slotsOf(definition: VmDefinition): string[] {
  return [...new Set(definition.functions.map(slotOf))]
}

/** Further functions of the host, e.g. a USB controller or a PCoIP host card, each behind a port of its own. */
export function extraArguments(definition: VmDefinition, qemu: Devices): ArgumentGroup[] {
  return definition.extraDevices.map((address, index) => ({
    reason: `${address} of the host, behind a root port of its own.`,
    args: [
      ...rootPort(qemu, `extra${index}`, slotsOf(definition).length + index + 1),
      '-device',
      `vfio-pci,host=${address},bus=extra${index},addr=00.0`,
    ],
  }))
}

/**
 * A screen on a unix socket. Windows setup has a driver for plain VGA, and none for virtio; a kernel without a driver
 * for virtio's writes text on it all the same.
 */
export function screenArguments(definition: VmDefinition, qemu: Devices, socket: string): ArgumentGroup[] {
  const none = { reason: 'No window and no VGA of its own: the card is the display.', args: ['-display', 'none'] }
  if (!definition.screen) return [{ ...none, args: [...none.args, '-vga', 'none'] }]
  const windows = definition.profile.startsWith('windows')
  const vga = !windows && qemu.devices.includes('virtio-vga') ? 'virtio-vga' : 'VGA'
  return [
    {
      // Without a password nobody gets in; the app sets a new one for each opening (set_password, expire_password).
      reason: 'A screen beside the card’s, on a socket in the same private directory; no TCP port.',
      args: ['-display', 'none', '-vga', 'none', '-device', vga, '-vnc', `unix:${optionValue(socket)},password=on`],
    },
  ]
}

/** A USB 3 controller of QEMU's own, where something is plugged into it. */
export function usbArguments(definition: VmDefinition, withHost: boolean): ArgumentGroup[] {
  const passed = withHost ? definition.usbDevices : []
  // The proof guest reads no pointer.
  const points = definition.screen && definition.profile !== 'proof-guest'
  if (!points && passed.length === 0) return []
  const tablet = { reason: 'A pointer that follows the viewer’s.', args: ['-device', 'usb-tablet,bus=usb.0'] }
  return [
    { reason: 'A USB controller of QEMU’s own.', args: ['-device', 'qemu-xhci,id=usb'] },
    ...(points ? [tablet] : []),
    ...passed.map(({ port, vendorId, productId }) => {
      const [bus = '', place = ''] = port.split('-')
      const device = `usb-host,bus=usb.0,hostbus=${bus},hostport=${place},vendorid=0x${vendorId},productid=0x${productId}`
      return {
        reason: `${vendorId}:${productId}, while it is plugged into USB port ${port}.`,
        args: ['-device', device],
      }
    }),
  ]
}

/**
 * Keyboards and mice of the host, which guest and host take in turns. QEMU takes them as soon as it starts
 * (ui/input-linux.c); both Ctrl keys at once hand them over, all together with grab_all.
 */
export function inputArguments({ inputDevices }: VmDefinition): ArgumentGroup[] {
  if (inputDevices.length === 0) return []
  const objects = inputDevices.flatMap(({ path, kind }, index) => {
    const whole = kind === 'keyboard' ? ',grab_all=on,repeat=on' : ''
    return ['-object', `input-linux,id=input${index},evdev=${optionValue(path)}${whole}`]
  })
  return [
    {
      reason: 'Keyboard and mouse of the host; both Ctrl keys at once give them back, and take them again.',
      args: objects,
    },
  ]
}

function hasPorts(qemu: Devices): boolean {
  return ['virtio-serial-pci', 'virtserialport'].every((name) => qemu.devices.includes(name))
}

/** A channel for QEMU's agent in the guest, by the name the agent looks for (qemu-ga(8)). */
export function agentArguments(qemu: Devices, socket: string): ArgumentGroup[] {
  if (!hasPorts(qemu)) return []
  return [
    {
      reason: 'A channel to the guest’s own agent, which tells what the guest sees of the card.',
      args: [
        ...['-device', 'virtio-serial-pci,id=ports'],
        ...['-chardev', `socket,id=agent0,path=${optionValue(socket)},server=on,wait=off`],
        ...['-device', `virtserialport,bus=ports.0,chardev=agent0,name=${AGENT_PORT}`],
      ],
    },
  ]
}

/**
 * A second way to the screen, with clipboard, on a socket of its own. Nobody but its user enters the directory, so it
 * asks for no ticket. The clipboard travels to spice-vdagent in the guest by a port of that name (spice-space.org).
 */
export function spiceArguments(definition: VmDefinition, qemu: Devices, socket: string): ArgumentGroup[] {
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
        `unix=on,addr=${optionValue(socket)},disable-ticketing=on,disable-agent-file-xfer=on`,
        ...(hasPorts(qemu) ? clipboard : []),
      ],
    },
  ]
}

/** Sound by a back end of the user's session. */
export function audioArguments(definition: VmDefinition): ArgumentGroup[] {
  if (definition.audio === null) return []
  return [
    {
      reason: 'Sound through the user’s own session.',
      args: [
        ...['-audiodev', `${definition.audio},id=sound`],
        ...['-device', 'ich9-intel-hda', '-device', 'hda-duplex,audiodev=sound'],
      ],
    },
  ]
}

/** Memory that guest and host share, for the picture of Looking Glass. */
export function sharedPictureArguments(definition: VmDefinition, path: string): ArgumentGroup[] {
  const { lookingGlassMiB, kvmfr } = definition
  if (lookingGlassMiB === null) return []
  return [
    {
      reason: 'Looking Glass: memory shared with the guest; its size is a power of two.',
      args: [
        '-object',
        `memory-backend-file,id=picture,share=on,mem-path=${kvmfr ? KVMFR_NODE : optionValue(path)},size=${lookingGlassMiB}M`,
        '-device',
        'ivshmem-plain,memdev=picture,bus=pcie.0',
      ],
    },
  ]
}

/** A TPM 2.0 emulated by swtpm, which start-vm.sh starts first. */
export function tpmArguments(definition: VmDefinition, socket: string): ArgumentGroup[] {
  if (!definition.tpm) return []
  return [
    {
      reason: 'The TPM that Windows 11 asks for; swtpm listens on this socket.',
      args: [
        ...['-chardev', `socket,id=tpm0,path=${optionValue(socket)}`],
        ...['-tpmdev', 'emulator,id=tpm,chardev=tpm0', '-device', 'tpm-crb,tpmdev=tpm'],
      ],
    },
  ]
}
