import type { Description } from '#host/simulated/description.ts'
import { PROGRAM_COMMANDS, PROGRAM_FILES } from '#host/simulated/paper/programs.ts'
import { EMPTY_POOL } from '#shared/facts/compute/huge-pages.ts'
import type { MachineFile } from './machine-file.ts'

const RELEASES = { debian: '6.1.0-28-amd64', centos7: '3.10.0-514.el7.x86_64' } as const

/** Everything of a machine but its devices: kernel, boot files, tools, as its distribution lays them out. */
export function baseOf(file: MachineFile): Omit<Description, 'devices' | 'block' | 'net' | 'reserved'> {
  const layout = file.distribution === 'debian' ? debian(file) : centos7(file)
  const tables = ['APIC', 'DSDT', 'FACP', 'MCFG', ...(file.table === null ? [] : [file.table])]
  return {
    name: file.name,
    about: file.about,
    uid: 0,
    files: { ...common(file), ...layout.files },
    dirs: {
      '/dev': ['null', 'tty', ...(file.virtualization ? ['kvm'] : [])],
      '/dev/snd': [],
      '/proc': ['1', 'cmdline', 'cpuinfo', 'self'],
      '/proc/1/fd': [],
      ...(file.container ? {} : { '/sys/firmware/acpi/tables': tables.sort() }),
      ...(file.table === null ? {} : { '/sys/class/iommu': [file.table === 'DMAR' ? 'dmar0' : 'ivhd0'] }),
      ...(file.devices.some((row) => row.split(' ')[4] === 'vfio-pci') ? { '/sys/bus/pci/drivers/vfio-pci': [] } : {}),
      [file.cpu === 'intel' ? '/sys/module/kvm_intel' : '/sys/module/kvm_amd']: ['parameters'],
      ...layout.dirs,
    },
    links: {},
    commands: { ...qemuAnswers(layout.qemu), ...PROGRAM_COMMANDS },
    tools: [...layout.tools, layout.qemu, 'lspci', 'modprobe', 'systemctl', 'prlimit', 'setpriv', 'tee', 'pkexec'],
  }
}

interface Layout {
  files: Record<string, string>
  dirs: Record<string, string[]>
  tools: string[]
  qemu: string
}

function debian(file: MachineFile): Layout {
  const release = RELEASES.debian
  const entry = `menuentry 'Debian GNU/Linux' --class debian {\n\tlinux\t/boot/vmlinuz-${release} root=UUID=1b4e28ba ro ${file.cmdline}\n\tinitrd\t/boot/initrd.img-${release}\n}\n`
  return {
    files: {
      '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="${file.cmdline}"\nGRUB_CMDLINE_LINUX=""\n`,
      '/boot/grub/grub.cfg': `set default="0"\n${entry}`,
      [`/boot/initrd.img-${release}`]: 'initramfs of before\n',
    },
    dirs: { '/etc/initramfs-tools': ['hooks', 'initramfs.conf', 'modules', 'scripts'], '/etc/default/grub.d': [] },
    tools: ['update-grub', 'update-initramfs', 'lsinitramfs'],
    qemu: 'qemu-system-x86_64',
  }
}

function centos7(file: MachineFile): Layout {
  const release = RELEASES.centos7
  const entry = `menuentry 'CentOS Linux (${release}) 7 (Core)' {\n\tlinux16 /vmlinuz-${release} root=/dev/sda2 ro ${file.cmdline}\n\tinitrd16 /initramfs-${release}.img\n}\n`
  return {
    files: {
      '/etc/os-release': 'ID="centos"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n',
      '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="${file.cmdline}"\n`,
      '/boot/grub2/grub.cfg': `set default="0"\n${entry}`,
      [`/boot/initramfs-${release}.img`]: 'initramfs of before\n',
    },
    dirs: { '/etc/dracut.conf.d': [] },
    tools: ['grub2-mkconfig', 'dracut', 'lsinitrd'],
    qemu: 'qemu-kvm',
  }
}

function common(file: MachineFile): Record<string, string> {
  const release = RELEASES[file.distribution]
  const disks = file.disks.map(({ name, mount }) => `/dev/${name} ${mount} ext4 rw 0 0\n`).join('')
  const route = file.network[0]
  return {
    '/proc/sys/kernel/hostname': 'ws-12\n',
    '/proc/sys/kernel/osrelease': `${release}\n`,
    '/proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-${release} root=UUID=1b4e28ba ro ${file.cmdline}\n`,
    '/proc/cpuinfo': Array.from({ length: 8 }, (_, index) => cpuBlock(file, index)).join('\n'),
    ...EMPTY_POOL,
    '/proc/meminfo': 'MemTotal:       32771136 kB\n',
    '/proc/modules': `kvm_${file.cpu} 170181 0 - Live 0x0\n`,
    '/proc/interrupts': `            CPU0\n 24:       8412  ${file.interruptRemapping ? 'IR-' : ''}PCI-MSI-0000:00:14.0    0-edge      xhci_hcd\n`,
    '/proc/iomem': '00001000-0009bfff : System RAM\n00100000-7bffffff : System RAM\n',
    '/proc/self/mounts': `${file.container ? 'overlay / overlay rw 0 0\n' : ''}${disks}proc /proc proc rw 0 0\n`,
    '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n',
    '/proc/net/route': `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n${route === undefined ? '' : `${route.name}\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n`}`,
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ndesigner:x:1000:1000:Designer:/home/designer:/bin/bash\n',
    [`/boot/config-${release}`]: kernelConfig(),
    [`/boot/vmlinuz-${release}`]: 'kernel\n',
    ...PROGRAM_FILES,
    [`/lib/modules/${release}/modules.builtin`]: 'kernel/drivers/pci/pcie/portdrv.ko\n',
    [`/lib/modules/${release}/modules.dep`]: 'kernel/drivers/vfio/pci/vfio-pci.ko: kernel/drivers/vfio/vfio.ko\n',
    '/sys/class/dmi/id/sys_vendor': 'Example\n',
    '/sys/class/dmi/id/product_name': `${file.name}\n`,
    ...(file.container ? { '/run/.containerenv': '' } : {}),
  }
}

function cpuBlock(file: MachineFile, index: number): string {
  const vendor = file.cpu === 'intel' ? 'GenuineIntel' : 'AuthenticAMD'
  const flag = file.virtualization ? ` ${file.cpu === 'intel' ? 'vmx' : 'svm'}` : ''
  return `processor\t: ${index}\nvendor_id\t: ${vendor}\nmodel name\t: ${file.model}\nflags\t\t: fpu msr pae${flag}${file.hypervisor ? ' hypervisor' : ''}\n`
}

function kernelConfig(): string {
  const modules = ['VFIO', 'VFIO_IOMMU_TYPE1', 'VFIO_PCI', 'KVM', 'KVM_INTEL', 'KVM_AMD', 'TUN', 'BRIDGE']
  const builtin = ['IOMMU_SUPPORT', 'INTEL_IOMMU', 'AMD_IOMMU', 'IRQ_REMAP']
  return [...builtin.map((name) => `CONFIG_${name}=y`), ...modules.map((name) => `CONFIG_${name}=m`), ''].join('\n')
}

function qemuAnswers(binary: string): Record<string, string> {
  const devices = ['pcie-root-port', 'ioh3420', 'vfio-pci', 'virtio-blk-pci', 'virtio-net-pci', 'VGA', 'qemu-xhci']
  return {
    [`${binary} -version`]: 'QEMU emulator version 7.2.22\n',
    [`${binary} -machine help`]:
      'Supported machines are:\npc                   Standard PC\nq35                  Standard PC (Q35)\n',
    [`${binary} -device help`]: devices.map((name) => `name "${name}", bus PCI\n`).join(''),
  }
}
