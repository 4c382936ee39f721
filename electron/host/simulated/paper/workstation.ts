import type { DescribedDevice, Description } from '../description.ts'
import { CARD, PCOIP_CARD } from './cards.ts'
import { PLUGGED_DIRS, PLUGGED_FILES, PLUGGED_LINKS, PLUGGED_OWNERS } from './peripherals.ts'
import { PROGRAM_COMMANDS, PROGRAM_FILES } from './programs.ts'
import { FIRMWARE_FILES, PAPER_IMAGES, QEMU_COMMANDS, TOPOLOGY_DIRS, TOPOLOGY_FILES } from './qemu.ts'

const RELEASE = '3.10.0-514.el7.x86_64'
const ROOT = 'root=/dev/mapper/cl-root ro'
const ARGUMENTS = 'crashkernel=auto rd.lvm.lv=cl/root rd.lvm.lv=cl/swap rhgb quiet'

const CHIPSET: DescribedDevice[] = [
  {
    address: '0000:00:00.0',
    ids: '8086:2f00',
    class: '060000',
    kind: 'Host bridge',
    name: 'Intel Corporation Xeon E7 v3/Xeon E5 v3/Core i7 DMI2',
    revision: '02',
    group: 0,
  },
  {
    address: '0000:00:01.0',
    ids: '8086:2f02',
    class: '060400',
    kind: 'PCI bridge',
    name: 'Intel Corporation Xeon E7 v3/Xeon E5 v3/Core i7 PCI Express Root Port 1',
    revision: '02',
    driver: 'pcieport',
    group: 1,
  },
  {
    address: '0000:00:03.0',
    ids: '8086:2f08',
    class: '060400',
    kind: 'PCI bridge',
    name: 'Intel Corporation Xeon E7 v3/Xeon E5 v3/Core i7 PCI Express Root Port 3',
    revision: '02',
    driver: 'pcieport',
    group: 2,
  },
  {
    address: '0000:00:14.0',
    ids: '8086:8d31',
    class: '0c0330',
    kind: 'USB controller',
    name: 'Intel Corporation C610/X99 series chipset USB xHCI Host Controller',
    revision: '05',
    driver: 'xhci_hcd',
    group: 3,
  },
  {
    address: '0000:00:19.0',
    ids: '8086:15a0',
    class: '020000',
    kind: 'Ethernet controller',
    name: 'Intel Corporation Ethernet Connection (2) I218-LM',
    revision: '05',
    driver: 'e1000e',
    modules: 'e1000e',
    group: 4,
  },
  {
    address: '0000:00:1a.0',
    ids: '8086:8d2d',
    class: '0c0320',
    kind: 'USB controller',
    name: 'Intel Corporation C610/X99 series chipset USB Enhanced Host Controller #2',
    revision: '05',
    driver: 'ehci-pci',
    group: 5,
  },
  {
    address: '0000:00:1b.0',
    ids: '8086:8d20',
    class: '040300',
    kind: 'Audio device',
    name: 'Intel Corporation C610/X99 series chipset HD Audio Controller',
    revision: '05',
    driver: 'snd_hda_intel',
    modules: 'snd_hda_intel',
    group: 6,
    sound: 'card0',
  },
  {
    address: '0000:00:1f.0',
    ids: '8086:8d44',
    class: '060100',
    kind: 'ISA bridge',
    name: 'Intel Corporation C610/X99 series chipset LPC Controller',
    revision: '05',
    driver: 'lpc_ich',
    group: 7,
  },
  {
    address: '0000:00:1f.2',
    ids: '8086:8d02',
    class: '010601',
    kind: 'SATA controller',
    name: 'Intel Corporation C610/X99 series chipset 6-Port SATA Controller [AHCI mode]',
    revision: '05',
    driver: 'ahci',
    modules: 'ahci',
    group: 7,
  },
  {
    address: '0000:00:1f.3',
    ids: '8086:8d22',
    class: '0c0500',
    kind: 'SMBus',
    name: 'Intel Corporation C610/X99 series chipset SMBus Controller',
    revision: '05',
    driver: 'i801_smbus',
    group: 7,
  },
]

const CPU_BLOCK = (index: number) =>
  `processor\t: ${index}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU E5-2683 v3 @ 2.00GHz\nflags\t\t: fpu vme msr pae cx8 apic sep mtrr pge mca cmov pat mmx fxsr sse sse2 ht syscall nx rdtscp lm vmx ept vpid avx2\n`

const CONFIG = [
  'IOMMU_SUPPORT=y',
  'INTEL_IOMMU=y',
  '# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set',
  'IRQ_REMAP=y',
  'VFIO=m',
  'VFIO_IOMMU_TYPE1=m',
  'VFIO_PCI=m',
  '# CONFIG_VFIO_PCI_VGA is not set',
  'KVM=m',
  'KVM_INTEL=m',
  'TUN=m',
  'BRIDGE=m',
]

const GRUB_CFG = `### BEGIN /etc/grub.d/00_header ###
set default="0"
### BEGIN /etc/grub.d/10_linux ###
menuentry 'CentOS Linux (${RELEASE}) 7 (Core)' --class centos --class gnu-linux --unrestricted {
\tload_video
\tset root='hd0,msdos1'
\tlinux16 /vmlinuz-${RELEASE} ${ROOT} ${ARGUMENTS}
\tinitrd16 /initramfs-${RELEASE}.img
}
`

const FILES: Record<string, string> = {
  '/proc/sys/kernel/hostname': 'ws-07\n',
  '/proc/sys/kernel/osrelease': `${RELEASE}\n`,
  '/proc/cmdline': `BOOT_IMAGE=/vmlinuz-${RELEASE} ${ROOT} ${ARGUMENTS}\n`,
  '/proc/cpuinfo': Array.from({ length: 28 }, (_, index) => CPU_BLOCK(index)).join('\n'),
  '/proc/meminfo': 'MemTotal:       32771136 kB\nMemFree:        24771136 kB\n',
  '/proc/modules': 'nouveau 1527946 1 - Live 0x0\nkvm_intel 170181 0 - Live 0x0\nkvm 554609 1 kvm_intel, Live 0x0\n',
  '/proc/interrupts':
    '            CPU0       CPU1\n  0:        129          0  IR-IO-APIC-edge      timer\n 24:          0          0  DMAR_MSI-edge      dmar0\n 27:       8412          0  IR-PCI-MSI-edge      0000:00:1f.2\n',
  '/proc/iomem':
    '00001000-0009bfff : System RAM\n00100000-7bffffff : System RAM\nc0000000-d1ffffff : PCI Bus 0000:04\n  c0000000-cfffffff : 0000:04:00.0\n  d0000000-d1ffffff : 0000:04:00.0\n',
  '/proc/self/mounts': '/dev/mapper/cl-root / xfs rw 0 0\n/dev/sda1 /boot xfs rw 0 0\nproc /proc proc rw 0 0\n',
  '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n',
  '/proc/net/route':
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n' +
    'enp0s25\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n',
  '/etc/os-release': 'NAME="CentOS Linux"\nID="centos"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ndesigner:x:1000:1000:Designer:/home/designer:/bin/bash\n',
  '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="$(sed 's, release .*$,,g' /etc/system-release)"\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_TERMINAL_OUTPUT="console"\nGRUB_CMDLINE_LINUX="${ARGUMENTS}"\nGRUB_DISABLE_RECOVERY="true"\n`,
  '/etc/modprobe.d/blacklist.conf': '# CentOS ships this file empty\n',
  '/boot/grub2/grub.cfg': GRUB_CFG,
  [`/boot/config-${RELEASE}`]: `${CONFIG.map((line) => (line.startsWith('#') ? line : `CONFIG_${line}`)).join('\n')}\n`,
  [`/boot/initramfs-${RELEASE}.img`]: 'initramfs of before\n',
  [`/boot/vmlinuz-${RELEASE}`]: 'kernel\n',
  ...PROGRAM_FILES,
  [`/lib/modules/${RELEASE}/modules.builtin`]: 'kernel/drivers/pci/pcie/portdrv.ko\n',
  [`/lib/modules/${RELEASE}/modules.dep`]: 'kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n',
  '/sys/class/dmi/id/sys_vendor': 'Supermicro\n',
  '/sys/class/dmi/id/product_name': 'X10DAi\n',
  '/sys/class/dmi/id/bios_version': '2.0\n',
  '/sys/class/dmi/id/bios_date': '01/14/2016\n',
  '/sys/class/vtconsole/vtcon0/name': '(S) dummy device\n',
  '/sys/class/vtconsole/vtcon0/bind': '0\n',
  '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n',
  '/sys/class/vtconsole/vtcon1/bind': '1\n',
  '/sys/class/block/dm-0/dm/name': 'cl-root\n',
  ...TOPOLOGY_FILES,
  ...PLUGGED_FILES,
  ...FIRMWARE_FILES,
  '/sys/class/net/enp0s25/address': '0c:c4:7a:11:22:33\n',
  '/sys/class/net/enp0s25/carrier': '1\n',
  '/sys/class/net/enp0s25/ifindex': '2\n',
}

const PROFILE = 'f3c6f7a1-3f0e-4d3e-9f0b-2f6f6b6f3a01'
const NETWORK_COMMANDS: Record<string, string> = {
  'ip -j address':
    '[{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},' +
    '{"ifname":"enp0s25","addr_info":[{"local":"192.168.1.20","prefixlen":24}]}]\n',
  'nmcli -t -e no -f GENERAL device show enp0s25': `GENERAL.DEVICE:enp0s25\nGENERAL.STATE:100 (connected)\nGENERAL.CONNECTION:enp0s25\nGENERAL.CON-UUID:${PROFILE}\n`,
  'nmcli -t -g GENERAL.CON-UUID device show enp0s25': `${PROFILE}\n`,
  [`nmcli -t -e no connection show uuid ${PROFILE}`]:
    `connection.id:enp0s25\nconnection.uuid:${PROFILE}\nconnection.type:802-3-ethernet\nconnection.interface-name:enp0s25\n` +
    '802-3-ethernet.mtu:auto\nipv4.method:auto\nipv4.dns:\nipv4.addresses:\nipv4.gateway:\nipv4.routes:\nipv6.method:auto\n',
}

/**
 * The paper's own machine: Xeon E5-2683 v3, 32 GiB, Quadro M4000 at 04:00, CentOS 7.3. Addresses of the chipset
 * are the usual ones of a C610 board. The paper names no board, so Supermicro X10DAi is our pick.
 */
export const PAPER_WORKSTATION: Description = {
  name: 'paper',
  about: 'The workstation of the paper, described by hand from its section 2.3.',
  uid: 0,
  devices: [...CHIPSET, ...CARD, ...PCOIP_CARD],
  files: FILES,
  dirs: {
    ...TOPOLOGY_DIRS,
    ...PLUGGED_DIRS,
    '/dev': ['kvm', 'null', 'sda', 'sda1', 'snd', 'tty', 'vhost-net'],
    '/sys/bus/pci/devices/0000:04:00.0/graphics': ['fb0'],
    '/sys/class/vtconsole': ['vtcon0', 'vtcon1'],
    '/dev/snd': ['controlC0', 'controlC1', 'pcmC1D3p'],
    '/proc': ['1', 'cmdline', 'cpuinfo', 'self'],
    '/proc/1/fd': [],
    '/sys/firmware/acpi/tables': ['APIC', 'DMAR', 'DSDT', 'FACP', 'MCFG'],
    '/sys/class/iommu': ['dmar0', 'dmar1'],
    '/sys/module/kvm_intel': ['parameters'],
    '/etc/dracut.conf.d': [],
    '/sys/class/block/dm-0/slaves': ['sda'],
    '/run/NetworkManager': ['devices'],
    '/run/systemd/system': [],
    '/etc/polkit-1/rules.d': [],
    '/dev/net': ['tun'],
    '/srv/vms': [],
  },
  block: [
    { name: 'sda', address: '0000:00:1f.2' },
    { name: 'sda1', address: '0000:00:1f.2' },
    { name: 'sdb', address: '0000:00:1f.2' },
  ],
  owners: PLUGGED_OWNERS,
  net: [{ name: 'enp0s25', address: '0000:00:19.0', up: true }],
  links: {
    ...PLUGGED_LINKS,
    '/sys/class/block/dm-0': '../../devices/virtual/block/dm-0',
  },
  reserved: {},
  commands: { ...NETWORK_COMMANDS, ...QEMU_COMMANDS, ...PROGRAM_COMMANDS },
  images: PAPER_IMAGES,
  tools: [
    'lspci',
    'qemu-kvm',
    'qemu-img',
    'xorriso',
    'swtpm',
    'virtiofsd',
    'modprobe',
    'grub2-mkconfig',
    'dracut',
    'lsinitrd',
    'systemctl',
    'prlimit',
    'setpriv',
    'tee',
    'pkexec',
    'ip',
    'nmcli',
    'systemd-run',
  ],
}
