import type { QemuFacts } from '../../shared/facts.ts'
import { PROOF_INIT } from '../../shared/guest-report.ts'
import { slotOf } from '../../shared/pci.ts'
import { type VmDefinition, vmPaths } from '../../shared/vm.ts'

/** Groups of arguments with the reason for each, in the order QEMU gets them. */
export interface ArgumentGroup {
  reason: string
  args: string[]
}

type Capabilities = Pick<QemuFacts, 'devices'>

/**
 * The one model both the app and start-vm.sh use. `withCard` false leaves the passed functions out, for the
 * dry start that asks QEMU whether it accepts the rest; its sockets then lie in `run`. A device is used only if this QEMU lists it.
 */
export function vmArguments(
  definition: VmDefinition,
  qemu: Capabilities,
  withCard: boolean,
  run?: string,
): ArgumentGroup[] {
  const paths = vmPaths(definition.name, run)
  return [
    {
      reason: 'Name, also of the threads (for pinning and for ps).',
      args: ['-name', `guest=${definition.name},debug-threads=on`],
    },
    {
      reason: 'A PCIe machine with hardware virtualization; memory stays out of core dumps.',
      args: ['-machine', 'q35,accel=kvm,vmport=off,dump-guest-core=off'],
    },
    { reason: 'The host processor as it is.', args: ['-cpu', 'host'] },
    {
      reason: 'Nothing that was not asked for: no default VGA, network card or configuration file.',
      args: ['-nodefaults', '-no-user-config'],
    },
    {
      reason: 'Memory. All of it is pinned while a device is passed through.',
      args: ['-m', `${definition.memoryMiB}M`],
    },
    { reason: 'Processors.', args: ['-smp', `${definition.vcpus},sockets=1,cores=${definition.vcpus},threads=1`] },
    { reason: 'Starts paused; the app lets it run once everything is in place.', args: ['-S'] },
    { reason: 'No window and no VGA of its own: the card is the display.', args: ['-display', 'none', '-vga', 'none'] },
    {
      reason: 'Control, on a socket in a directory that only its user may enter.',
      args: ['-qmp', `unix:${paths.qmp},server=on,wait=off`],
    },
    {
      reason: 'First serial port: a socket, and a log of everything the guest prints.',
      args: [
        '-chardev',
        `socket,id=serial0,path=${paths.serial},server=on,wait=off,logfile=${paths.serialLog}`,
        '-serial',
        'chardev:serial0',
      ],
    },
    {
      reason: 'QEMU may not change users, start programs or touch other processes.',
      args: ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    },
    ...(withCard ? [cardArguments(definition, qemu)] : []),
    networkArguments(definition, withCard),
    bootArguments(definition),
  ]
}

/** A root port for each slot of the card, its functions in their places. `ioh3420` only where QEMU has no generic port. */
function cardArguments(definition: VmDefinition, qemu: Capabilities): ArgumentGroup {
  const port = qemu.devices.includes('pcie-root-port') ? 'pcie-root-port' : 'ioh3420'
  const slots = [...new Set(definition.functions.map(slotOf))]
  const args = slots.flatMap((slot, index) => {
    const functions = definition.functions.filter((address) => slotOf(address) === slot)
    const devices = functions.flatMap((address, place) => {
      const at = `addr=00.${place === 0 ? '0' : address.slice(-1)}`
      return ['-device', `vfio-pci,host=${address},bus=card${index},${at}${place === 0 ? ',multifunction=on' : ''}`]
    })
    return ['-device', `${port},id=card${index},bus=pcie.0,chassis=${index + 1},slot=${index + 1}`, ...devices]
  })
  return { reason: 'The card: a root port for each of its slots, all functions in their places.', args }
}

/** The dry start leaves the tap out as it does the card: a running VM may have both. */
function networkArguments(definition: VmDefinition, withTap: boolean): ArgumentGroup {
  const { boot, network } = definition
  if (boot.kind === 'proof-guest') return { reason: 'The proof guest needs no network.', args: ['-nic', 'none'] }
  if (network.kind === 'tap' && withTap) {
    // Without access to /dev/vhost-net QEMU warns and goes on without it (net/tap.c).
    const netdev = `tap,id=net0,ifname=${network.tap},script=no,downscript=no${network.vhost ? ',vhost=on' : ''}`
    return {
      reason: "The user's own tap, a port of the host's bridge; QEMU runs no script and needs no privilege for it.",
      args: ['-netdev', netdev, '-device', 'virtio-net-pci,netdev=net0'],
    }
  }
  return {
    reason: 'A private network with NAT inside QEMU; no host change.',
    args: ['-netdev', 'user,id=net0', '-device', 'virtio-net-pci,netdev=net0'],
  }
}

function bootArguments(definition: VmDefinition): ArgumentGroup {
  const { boot } = definition
  if (boot.kind === 'proof-guest') {
    const { kernel, initrd } = vmPaths(definition.name)
    const append = `console=ttyS0 rdinit=/${PROOF_INIT} quiet panic=-1`
    return {
      reason: "The proof guest: this host's own kernel, and one script that reports what it sees.",
      args: ['-kernel', kernel, '-initrd', initrd, '-append', append, '-no-reboot'],
    }
  }
  // A comma in an option value is written twice (qemu(1)).
  const file = boot.path.replaceAll(',', ',,')
  return {
    reason: 'The disk, past the host cache.',
    args: [
      '-drive',
      `file=${file},format=${boot.format},if=none,id=disk0,cache=none`,
      '-device',
      'virtio-blk-pci,drive=disk0,bootindex=1',
    ],
  }
}

export function flatten(groups: readonly ArgumentGroup[]): string[] {
  return groups.flatMap((group) => group.args)
}
