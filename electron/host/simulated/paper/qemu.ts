import type { Recording } from '#host/recorded/recording.ts'
import { EMPTY_POOL } from '#shared/facts/compute/huge-pages.ts'

const QEMU_DEVICES = [
  ...[
    'ioh3420',
    'pcie-root-port',
    'vfio-pci',
    'virtio-blk-pci',
    'virtio-net-pci',
    'e1000e',
    'VGA',
    'qemu-xhci',
    'usb-tablet',
  ],
  ...['virtio-vga', 'ide-cd', 'tpm-crb', 'ivshmem-plain', 'ich9-intel-hda', 'hda-duplex', 'usb-host'],
  ...['virtio-serial-pci', 'virtserialport', 'vhost-user-fs-pci'],
]
/** The last came with QEMU 5.0; it is here so that huge pages can be practised. */
const MACHINE_PROPERTIES = ['dump-guest-core', 'mem-merge', 'smm', 'vmport', 'memory-backend']
const CPU_PROPERTIES = [
  ...[
    'kvm',
    'hv-vendor-id',
    'host-phys-bits',
    'invtsc',
    'migratable',
    'hv-relaxed',
    'hv-vapic',
    'hv-spinlocks',
    'hv-vpindex',
    'hv-runtime',
  ],
  ...['hv-synic', 'hv-time', 'hv-stimer', 'hv-frequencies', 'hv-tlbflush', 'hv-ipi', 'hv-reset'],
]

/** CentOS 7 has neither descriptors nor swtpm; they are here so that every kind of VM can be practised. */
const FIRMWARE = (features: readonly string[], code: string, vars: string) =>
  JSON.stringify({
    'interface-types': ['uefi'],
    mapping: {
      device: 'flash',
      executable: { filename: `/usr/share/OVMF/${code}`, format: 'raw' },
      'nvram-template': { filename: `/usr/share/OVMF/${vars}`, format: 'raw' },
    },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features,
  })

export const FIRMWARE_FILES: Readonly<Record<string, string>> = {
  '/usr/share/OVMF/OVMF_VARS.fd': 'variables\n',
  '/usr/share/OVMF/OVMF_VARS.secboot.fd': 'variables with keys\n',
  '/usr/share/qemu/firmware/40-edk2-ovmf-secure.json': FIRMWARE(
    ['secure-boot', 'enrolled-keys', 'requires-smm'],
    'OVMF_CODE.secboot.fd',
    'OVMF_VARS.secboot.fd',
  ),
  '/usr/share/qemu/firmware/60-edk2-ovmf.json': FIRMWARE([], 'OVMF_CODE.fd', 'OVMF_VARS.fd'),
}

/** The paper's own disk, in qcow2 in spite of its name, made for SeaBIOS; and two to practise with, beside a directory to share. */
export const PAPER_IMAGES: Recording['images'] = {
  '/var/lib/nova/gpu/win10.img': { kind: 'qcow2', writable: true, backing: [], startsBy: 'bios' },
  '/var/lib/nova/gpu/from-vmware.vmdk': { kind: 'vmdk', writable: true, backing: [], startsBy: 'unknown' },
  '/var/lib/nova/gpu/unclear.img': { kind: 'raw', writable: true, backing: [], startsBy: 'unknown' },
  '/srv/plans': { kind: 'directory', writable: true, backing: [], startsBy: 'none' },
}

export const QEMU_COMMANDS: Readonly<Record<string, string>> = {
  'qemu-kvm -version': 'QEMU emulator version 2.12.0 (qemu-kvm-ev-2.12.0-44.1.el7_8.1)\n',
  'qemu-kvm -machine help':
    'Supported machines are:\npc                   Standard PC (i440FX + PIIX, 1996)\nq35                  RHEL-7.6.0 PC (Q35 + ICH9, 2009)\n',
  'qemu-kvm -machine q35,help': MACHINE_PROPERTIES.map((name) => `  ${name}=<bool>\n`).join(''),
  'qemu-kvm -device host-x86_64-cpu,help': CPU_PROPERTIES.map((name) => `  ${name}=<bool>\n`).join(''),
  'qemu-kvm -object help':
    'List of user creatable objects:\n  input-linux\n  iothread\n  memory-backend-file\n  memory-backend-memfd\n',
  'virtiofsd --help': '      --uid-map <UID_MAP>\n      --readonly\n',
  'qemu-kvm -audiodev help': 'Available audio drivers:\nnone\npa\nspice\n',
  'qemu-kvm -device help': QEMU_DEVICES.map((name) => `name "${name}", bus PCI\n`).join(''),
}

const CPUS = Array.from({ length: 28 }, (_, index) => `cpu${index}`)

/** E5-2683 v3: 14 cores with two threads each, one cache, one node; thread n and n + 14 share a core. */
function topologyOf(index: number): [string, string][] {
  const at = `/sys/devices/system/cpu/cpu${index}`
  return [
    [`${at}/topology/thread_siblings_list`, `${index % 14},${(index % 14) + 14}\n`],
    [`${at}/cache/index3/shared_cpu_list`, '0-27\n'],
  ]
}

/** Processors, and the pool of huge pages. */
export const TOPOLOGY_FILES: Readonly<Record<string, string>> = {
  ...EMPTY_POOL,
  ...Object.fromEntries(CPUS.flatMap((_, index) => topologyOf(index))),
}

/** The directories above; a processor's node shows as a link in it. */
export const TOPOLOGY_DIRS: Readonly<Record<string, readonly string[]>> = {
  '/sys/devices/system/cpu': CPUS,
  ...Object.fromEntries(CPUS.map((name) => [`/sys/devices/system/cpu/${name}`, ['cache', 'node0', 'topology']])),
}
