import type { QemuFacts } from '../../shared/facts.ts'
import { AGENT_PORT } from '../../shared/guest-report.ts'
import { slotOf } from '../../shared/pci.ts'
import type { VmDefinition } from '../../shared/vm.ts'
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
      return ['-device', `vfio-pci,host=${address},bus=card${index},${at}${place === 0 ? ',multifunction=on' : ''}`]
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

/** A screen on a unix socket. Windows setup has a driver for plain VGA, and none for virtio. */
export function screenArguments(definition: VmDefinition, qemu: Devices, socket: string): ArgumentGroup[] {
  const none = { reason: 'No window and no VGA of its own: the card is the display.', args: ['-display', 'none'] }
  if (!definition.screen) return [{ ...none, args: [...none.args, '-vga', 'none'] }]
  const vga = definition.profile === 'linux' && qemu.devices.includes('virtio-vga') ? 'virtio-vga' : 'VGA'
  return [
    {
      reason: 'A screen for the installation, on a socket in the same private directory; no TCP port.',
      args: ['-display', 'none', '-vga', 'none', '-device', vga, '-vnc', `unix:${optionValue(socket)}`],
    },
    {
      reason: 'A pointer that follows the viewer’s.',
      args: ['-device', 'qemu-xhci,id=usb', '-device', 'usb-tablet,bus=usb.0'],
    },
  ]
}

/** A channel for QEMU's agent in the guest, by the name the agent looks for (qemu-ga(8)). */
export function agentArguments(qemu: Devices, socket: string): ArgumentGroup[] {
  if (!['virtio-serial-pci', 'virtserialport'].every((name) => qemu.devices.includes(name))) return []
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
  const { lookingGlassMiB } = definition
  if (lookingGlassMiB === null) return []
  return [
    {
      reason: 'Looking Glass: memory shared with the guest; its size is a power of two.',
      args: [
        '-object',
        `memory-backend-file,id=picture,share=on,mem-path=${optionValue(path)},size=${lookingGlassMiB}M`,
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
