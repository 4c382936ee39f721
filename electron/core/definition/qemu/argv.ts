import type { QemuFacts } from '#shared/facts/facts.ts'
import { HUGE_PAGE_MIB } from '#shared/facts/huge-pages.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { type ArgumentGroup, optionValue } from './argument-group.ts'
import { bootArguments } from './boot-source.ts'
import {
  agentArguments,
  audioArguments,
  cardArguments,
  extraArguments,
  inputArguments,
  screenArguments,
  sharedPictureArguments,
  spiceArguments,
  tpmArguments,
  usbArguments,
} from './devices.ts'

/** What has to be known of a QEMU to write its arguments. */
type Capabilities = Pick<QemuFacts, 'devices' | 'objects' | 'machineProperties'>

/**
 * The one model both the app and start-vm.sh use. `withHost` false leaves out what is the host's (passed functions,
 * tap, USB and input devices, sound, a whole disk), for the dry start that asks QEMU whether it accepts the rest: a
 * running VM may have them, QEMU would grab a keyboard at once, and from 8.2 on it ends where no sound server answers,
 * which for a root without a session is always (audio/audio.c, audio_init). Its sockets then lie in `run`. A device is used only if
 * this QEMU lists it.
 */
export function vmArguments(
  definition: VmDefinition,
  qemu: Capabilities,
  withHost: boolean,
  run?: string,
): ArgumentGroup[] {
  const paths = vmPaths(definition.name, run)
  return [
    {
      reason: 'Name, also of the threads (for pinning and for ps).',
      args: ['-name', `guest=${definition.name},debug-threads=on`],
    },
    machineArguments(definition, qemu),
    {
      reason: 'Nothing that was not asked for: no default VGA, network card or configuration file.',
      args: ['-nodefaults', '-no-user-config'],
    },
    memoryArguments(definition, qemu, withHost),
    ...processorArguments(definition),
    ...clockArguments(definition),
    { reason: 'Starts paused; the app lets it run once everything is in place.', args: ['-S'] },
    ...screenArguments(definition, qemu, paths.vnc),
    ...controlArguments(definition, paths),
    ...agentArguments(qemu, paths.agent),
    ...spiceArguments(definition, qemu, paths.spice),
    {
      reason: 'QEMU may not change users, start programs or touch other processes.',
      args: ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    },
    ...(withHost ? [cardArguments(definition, qemu), ...extraArguments(definition, qemu)] : []),
    networkArguments(definition, withHost),
    ...usbArguments(definition, withHost),
    ...(withHost ? inputArguments(definition) : []),
    ...(withHost ? audioArguments(definition) : []),
    ...(withHost || !definition.kvmfr ? sharedPictureArguments(definition, paths.sharedPicture) : []),
    ...tpmArguments(definition, paths.tpm),
    ...bootArguments(definition, withHost),
  ]
}

/** Memory as a file without a name, which other programs can be given; only where QEMU can tell the host to use it. */
function sharedMemory(definition: VmDefinition, qemu: Capabilities): boolean {
  const able = qemu.objects?.includes('memory-backend-memfd') === true
  const asked = definition.hugePages || definition.profile !== 'proof-guest'
  return able && qemu.machineProperties?.includes('memory-backend') === true && asked
}

function machineArguments(definition: VmDefinition, qemu: Capabilities): ArgumentGroup {
  const known = qemu.machineProperties ?? []
  const wanted = [
    ...(definition.firmware?.smm === true ? [['smm', 'on']] : []),
    ['vmport', 'off'],
    ['hpet', 'off'],
    ['mem-merge', 'off'],
    ['dump-guest-core', 'off'],
  ]
  const properties = wanted.filter(([name]) => known.includes(name ?? '')).map((pair) => `,${pair.join('=')}`)
  const memory = sharedMemory(definition, qemu) ? ',memory-backend=ram' : ''
  return {
    reason:
      'A PCIe machine with hardware virtualization; memory is not merged with others’ and stays out of core dumps.',
    args: ['-machine', `${definition.machine},accel=kvm${properties.join('')}${memory}`],
  }
}

/** The dry start leaves the host's huge pages alone: it must not wait for memory, nor fail for lack of it. */
function memoryArguments(definition: VmDefinition, qemu: Capabilities, withHost: boolean): ArgumentGroup {
  const size = `${definition.memoryMiB}M`
  const huge = definition.hugePages && withHost ? `,hugetlb=on,hugetlbsize=${HUGE_PAGE_MIB}M,prealloc=on` : ''
  const object = `memory-backend-memfd,id=ram,size=${size},share=on${huge}`
  const pages = huge === '' ? '' : ` It lies in huge pages, all of them there before the guest starts.`
  return {
    reason: `Memory. All of it is pinned while a device is passed through, so there is no balloon.${pages}`,
    args: ['-m', size, ...(sharedMemory(definition, qemu) ? ['-object', object] : [])],
  }
}

function processorArguments({ cpu, profile }: VmDefinition): ArgumentGroup[] {
  const { cores, threads, properties } = cpu
  const windows = profile.startsWith('windows')
  return [
    {
      reason: `The host processor as it is${windows ? ', with what Windows knows of Hyper-V' : ''}.`,
      args: ['-cpu', ['host', ...properties].join(',')],
    },
    {
      reason: 'Processors.',
      args: ['-smp', `${cores * threads},sockets=1,cores=${cores},threads=${threads}`],
    },
  ]
}

function clockArguments({ profile }: VmDefinition): ArgumentGroup[] {
  if (!profile.startsWith('windows')) return []
  return [{ reason: 'Windows keeps local time in the clock.', args: ['-rtc', 'base=localtime'] }]
}

/** Only the proof guest's words are read; another guest's would fill the host's /run for as long as it likes. */
function controlArguments({ profile }: VmDefinition, paths: ReturnType<typeof vmPaths>): ArgumentGroup[] {
  const [qmp, events, serial, log] = [paths.qmp, paths.events, paths.serial, paths.serialLog].map(optionValue)
  const kept = profile === 'proof-guest'
  return [
    {
      reason: 'Control, on a socket in a directory that only its user may enter.',
      args: ['-qmp', `unix:${qmp},server=on,wait=off`],
    },
    {
      reason: 'The same once more, for whoever listens for what happens to the VM.',
      args: ['-qmp', `unix:${events},server=on,wait=off`],
    },
    {
      reason: `First serial port: a socket${kept ? ', and a log of everything the guest prints' : ''}.`,
      args: [
        ...['-chardev', `socket,id=serial0,path=${serial},server=on,wait=off${kept ? `,logfile=${log}` : ''}`],
        ...['-serial', 'chardev:serial0'],
      ],
    },
  ]
}

/** The dry start leaves the tap out as it does the card: a running VM may have both. */
function networkArguments({ profile, network }: VmDefinition, withTap: boolean): ArgumentGroup {
  if (profile === 'proof-guest') return { reason: 'The proof guest needs no network.', args: ['-nic', 'none'] }
  if (network.kind === 'tap' && withTap) {
    // Without one of its own every VM has the same address.
    const mac = network.mac === undefined ? '' : `,mac=${network.mac}`
    // Without access to /dev/vhost-net QEMU warns and goes on without it (net/tap.c).
    const netdev = `tap,id=net0,ifname=${network.tap},script=no,downscript=no${network.vhost ? ',vhost=on' : ''}`
    return {
      reason: "The user's own tap, a port of the host's bridge; QEMU runs no script and needs no privilege for it.",
      args: ['-netdev', netdev, '-device', `virtio-net-pci,netdev=net0${mac}`],
    }
  }
  return {
    reason: 'A private network with NAT inside QEMU; no host change.',
    args: ['-netdev', 'user,id=net0', '-device', 'virtio-net-pci,netdev=net0'],
  }
}

export function flatten(groups: readonly ArgumentGroup[]): string[] {
  return groups.flatMap((group) => group.args)
}
