import { tapName, vmMac } from '#shared/facts/network.ts'
import type { Forward } from '#shared/vm/options/network.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { at } from '../hardware/root-bus.ts'
import { isProof } from '../machine/profile.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { DefineContext, Topic } from '../topic.ts'
import { chosenBridge } from './bridges.ts'

export const network: Topic<'network'> = {
  define: (context) => ({ network: connection(context) }),
  view: () => ({}),
  choicesOf: () => ({}),
  argv: { network: (context) => [networkArguments(context)] },
}

/** A tap in the chosen bridge, which the VM's start makes; vhost where the kernel offers it. */
function connection(context: DefineContext): VmDefinition['network'] {
  const { facts, choices } = context
  const { name } = choices.definition
  const own = macAddress(context)
  const mac = own === undefined ? {} : { mac: own }
  const { mode, forwards } = choices.network
  if (mode === 'user') return { kind: 'user', ...mac, ...(forwards.length === 0 ? {} : { forwards }) }
  const bridge = chosenBridge(facts, choices)?.name
  return {
    kind: 'tap',
    tap: tapName(name),
    vhost: facts.network.vhostNet,
    ...mac,
    ...(bridge === undefined ? {} : { bridge }),
  }
}

/**
 * The address the VM's network card was made with. A VM from before it was kept has QEMU's, which all VMs share; that
 * does on a network of its own, not on a bridge.
 */
function macAddress({ facts: { host }, choices, written }: DefineContext): string | undefined {
  const { mode } = choices.network
  if (written?.network.mac !== undefined) return written.network.mac
  if (written !== null && !isProof(written) && written.network.kind === 'user' && mode === 'user') return undefined
  return vmMac(host.seed ?? host.hostname, choices.definition.name)
}

/** The dry start leaves the tap out as it does the card: a running VM may have both. */
function networkArguments({ definition, withHost }: ArgumentContext): ArgumentGroup {
  const { network } = definition
  if (isProof(definition)) return { reason: 'The proof guest needs no network.', args: ['-nic', 'none'] }
  // Without one of its own every VM has the same address.
  const mac = network.mac === undefined ? '' : `,mac=${network.mac}`
  const card = ['-device', `virtio-net-pci,netdev=net0${mac}${at(definition, 'network')}`]
  if (network.kind === 'tap' && withHost) {
    // Without access to /dev/vhost-net QEMU warns and goes on without it (net/tap.c).
    const netdev = `tap,id=net0,ifname=${network.tap},script=no,downscript=no${network.vhost ? ',vhost=on' : ''}`
    return {
      reason: 'The user’s own tap, a port of the host’s bridge; QEMU runs no script and needs no privilege for it.',
      args: ['-netdev', netdev, ...card],
    }
  }
  const forwards = network.kind === 'user' && withHost ? (network.forwards ?? []) : []
  const open = forwards.length === 0 ? '' : ` ${forwardWords(forwards)}`
  return {
    reason: `A private network with NAT inside QEMU; no host change.${open}`,
    args: ['-netdev', ['user,id=net0', ...forwards.map(forwardOption)].join(','), ...card],
  }
}

/** Where nobody else is to reach it, QEMU listens on the loopback address (qemu(1), -netdev user, hostfwd). */
function forwardOption({ protocol, hostPort, guestPort, everyone }: Forward): string {
  return `hostfwd=${protocol}:${everyone ? '' : '127.0.0.1'}:${hostPort}-:${guestPort}`
}

function forwardWords(forwards: readonly Forward[]): string {
  const everyone = forwards.some((one) => one.everyone)
  const ports = forwards.map(({ hostPort }) => hostPort).join(', ')
  return `Ports of the host that lead to the guest: ${ports}${everyone ? ', some of them for other machines too' : ''}.`
}
