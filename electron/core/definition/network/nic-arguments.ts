import type { Forward } from '#shared/vm/options/network.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { nicAt } from '../hardware/root-bus.ts'
import type { ArgumentGroup } from '../qemu/arguments.ts'
import { NIC_DEVICES } from './models.ts'
import { type Nic, nicsOf } from './nics.ts'

/** The VM's network cards. The dry start leaves taps out as it does the card: a running VM may have both. */
export function nicArguments(definition: VmDefinition, withHost: boolean): ArgumentGroup[] {
  return nicsOf(definition).map((nic) => {
    const { reason, netdev } = behind(nic, withHost)
    const which = nic.number === 1 ? '' : `Network card ${nic.number}. `
    return { reason: `${which}${reason}`, args: ['-netdev', netdev, '-device', device(definition, nic)] }
  })
}

const idOf = ({ number }: Nic) => `net${number === 1 ? 0 : number}`

/** Without a MAC of its own every VM has the same. */
function device(definition: VmDefinition, nic: Nic): string {
  const { number, model, network } = nic
  const mac = network.mac === undefined ? '' : `,mac=${network.mac}`
  return `${NIC_DEVICES[model]},netdev=${idOf(nic)}${mac}${ofQueues(nic)}${nicAt(definition, number)}`
}

/** An interrupt for each queue of either direction, one for the control queue and one for changes of the device. */
function ofQueues({ model, network }: Nic): string {
  if (model !== 'virtio' || network.kind === 'user' || network.queues === undefined) return ''
  return `,mq=on,vectors=${2 * network.queues + 2}`
}

/** What the card is connected to. */
function behind(nic: Nic, withHost: boolean): { reason: string; netdev: string } {
  const { network } = nic
  if (network.kind === 'tap' && withHost) {
    const queues = network.queues === undefined ? '' : `,queues=${network.queues}`
    // Without access to /dev/vhost-net QEMU warns and goes on without it (net/tap.c).
    const fast = `${network.vhost ? ',vhost=on' : ''}${queues}`
    return {
      reason: 'The user’s own tap, a port of the host’s bridge; QEMU runs no script and needs no privilege for it.',
      netdev: `tap,id=${idOf(nic)},ifname=${network.tap},script=no,downscript=no${fast}`,
    }
  }
  const forwards = network.kind === 'user' && withHost ? (network.forwards ?? []) : []
  const open = forwards.length === 0 ? '' : ` ${forwardWords(forwards)}`
  return {
    reason: `A private network with NAT inside QEMU; no host change.${open}`,
    netdev: [`user,id=${idOf(nic)}`, ...forwards.map(forwardOption)].join(','),
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
