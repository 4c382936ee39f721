import { unifiedText } from '#host/simulated/tools/unified.ts'
import type { UnifiedImage } from '#shared/facts/boot/unified-image.ts'
import { type Distro, efiVariable, grubCfg, LOADER_INFO, MACHINE_ID, osRelease } from './base.ts'

const NEW = '6.1.0-23-amd64'
const OLD = '6.1.0-21-amd64'
const ROOT = 'root=UUID=0f6c8a52-4d0b-4b0e-9c55-7e4a3f1b2d90 ro'
const DEFAULTS = 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n'
const CONFIG = ['IOMMU_SUPPORT', 'INTEL_IOMMU', 'IRQ_REMAP', 'VFIO', 'VFIO_IOMMU_TYPE1', 'VFIO_PCI', 'KVM', 'KVM_INTEL']
  .map((option) => `CONFIG_${option}=m\n`)
  .join('')
const OS = osRelease('debian', 'Debian GNU/Linux 12 (bookworm)')

function images(): Record<string, string> {
  return Object.fromEntries(
    [NEW, OLD].flatMap((release) => [
      [`/boot/initrd.img-${release}`, `initramfs ${release}\n`],
      [`/boot/vmlinuz-${release}`, `kernel ${release}\n`],
      [`/boot/config-${release}`, CONFIG],
    ]),
  )
}

function grub(): Record<string, string> {
  const entry = (release: string) => ({
    title: 'Debian GNU/Linux',
    id: `gnulinux-${release}`,
    linux: `/boot/vmlinuz-${release}`,
    cmdline: `${ROOT} quiet`,
    initrd: `/boot/initrd.img-${release}`,
  })
  return { '/etc/default/grub': DEFAULTS, '/boot/grub/grub.cfg': grubCfg('0', [entry(NEW), entry(OLD)]) }
}

const COMMON = { release: NEW, osRelease: OS, cmdline: `BOOT_IMAGE=/boot/vmlinuz-${NEW} ${ROOT} quiet` }
const INITRAMFS_TOOLS = { '/etc/initramfs-tools': ['modules'], '/usr/share/initramfs-tools': ['hooks'] }

export const debianGrub: Distro = {
  ...COMMON,
  name: 'Debian 12, GRUB',
  loader: 'grub-debian',
  initramfs: 'initramfs-tools',
  uefi: false,
  files: { ...grub(), ...images() },
  dirs: INITRAMFS_TOOLS,
  tools: ['update-grub', 'grub-mkconfig', 'update-initramfs', 'lsinitramfs'],
}

/** dracut replaced initramfs-tools, whose configuration was left behind; it brings an update-initramfs of its own. */
export const debianGrubDracut: Distro = {
  ...debianGrub,
  name: 'Debian 12, GRUB, dracut',
  initramfs: 'dracut',
  dirs: { '/etc/initramfs-tools': ['modules'], '/etc/dracut.conf.d': [] },
  tools: ['update-grub', 'grub-mkconfig', 'update-initramfs', 'lsinitramfs', 'dracut'],
}

const GPU = 'VIRSH_GPU_VIDEO=pci_0000_04_00_0\nVIRSH_GPU_AUDIO=pci_0000_04_00_1\n'
const DETACH = [
  '#!/bin/bash',
  'set -x',
  'source "/etc/libvirt/hooks/kvm.conf"',
  'systemctl stop display-manager.service',
  'virsh nodedev-detach $VIRSH_GPU_VIDEO',
  'virsh nodedev-detach $VIRSH_GPU_AUDIO',
  'modprobe vfio-pci',
  '',
].join('\n')

/** The same after several guides of other days, one for each way to bind a card. */
export const debianFollowed: Distro = {
  ...debianGrub,
  name: 'Debian 12, GRUB, after several guides',
  cmdline: `${debianGrub.cmdline} vfio-pci.ids=10de:13f1,10de:0fbb pcie_acs_override=downstream,multifunction video=efifb:off`,
  files: {
    ...Object.fromEntries(
      Object.entries(debianGrub.files).map(([path, text]) => [
        path,
        text.replaceAll(
          /\bquiet\b/gu,
          'quiet vfio-pci.ids=10de:13f1,10de:0fbb pcie_acs_override=downstream,multifunction video=efifb:off',
        ),
      ]),
    ),
    '/etc/modprobe.d/blacklist-nouveau.conf': 'blacklist nouveau\noptions nouveau modeset=0\n',
    '/etc/modprobe.d/vfio.conf':
      'options vfio-pci ids=10de:13f1,10de:0fbb disable_vga=1\nsoftdep nouveau pre: vfio-pci\ninstall vfio-pci /sbin/vfio-pci-override.sh\n',
    '/etc/modules-load.d/vfio.conf': 'vfio\nvfio_iommu_type1\nvfio_pci\nvfio_virqfd\n',
    '/etc/initramfs-tools/modules': '# List of modules\nvfio_pci ids=10de:13f1,10de:0fbb\n',
    '/etc/initramfs-tools/scripts/init-top/bind_vfio.sh':
      '#!/bin/sh\nDEVS="0000:04:00.0 0000:04:00.1"\nfor DEV in $DEVS; do\n  echo vfio-pci > /sys/bus/pci/devices/$DEV/driver_override\ndone\nmodprobe -i vfio-pci\n',
    '/sbin/vfio-pci-override.sh':
      '#!/bin/sh\nfor i in $(find /sys/devices/pci* -name boot_vga); do\n  echo "vfio-pci" > "$(dirname $i)/driver_override"\ndone\nmodprobe -i vfio-pci\n',
    '/etc/libvirt/hooks/qemu': '#!/bin/bash\nGUEST_NAME="$1"\n',
    '/etc/libvirt/hooks/kvm.conf': GPU,
    '/etc/libvirt/hooks/qemu.d/win10/prepare/begin/bind_vfio.sh': DETACH,
    '/etc/libvirt/hooks/qemu.d/win10/release/end/unbind_vfio.sh': DETACH.replaceAll('detach', 'reattach'),
  },
}

function generated(release: string): [string, string][] {
  const text = [
    'title      Debian GNU/Linux 12 (bookworm)',
    `version    ${release}`,
    `machine-id ${MACHINE_ID}`,
    'sort-key   debian',
    `options    ${ROOT} quiet systemd.machine_id=${MACHINE_ID}`,
    `linux      /${MACHINE_ID}/${release}/linux`,
    `initrd     /${MACHINE_ID}/${release}/initrd.img-${release}`,
    '',
  ].join('\n')
  return [
    [`/boot/efi/loader/entries/${MACHINE_ID}-${release}.conf`, text],
    [`/boot/efi/${MACHINE_ID}/${release}/initrd.img-${release}`, `initramfs ${release}\n`],
    [`/boot/efi/${MACHINE_ID}/${release}/linux`, `kernel ${release}\n`],
  ]
}

export const debianSystemdBoot: Distro = {
  ...COMMON,
  name: 'Debian 12, systemd-boot',
  loader: 'kernel-install',
  initramfs: 'initramfs-tools',
  cmdline: `initrd=\\${MACHINE_ID}\\${NEW}\\initrd.img-${NEW} ${ROOT} quiet systemd.machine_id=${MACHINE_ID}`,
  uefi: true,
  files: {
    ...images(),
    '/boot/efi/loader/loader.conf': 'timeout 3\n#console-mode keep\n',
    ...Object.fromEntries([...generated(NEW), ...generated(OLD)]),
    [LOADER_INFO]: efiVariable('systemd-boot 252.26-1~deb12u2'),
  },
  dirs: INITRAMFS_TOOLS,
  tools: ['kernel-install', 'update-initramfs', 'lsinitramfs'],
}

function unified(name: string, release: string, about: Partial<UnifiedImage> = {}): [string, string] {
  const osrel = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n'
  return [
    `/boot/efi/EFI/Linux/${name}.efi`,
    unifiedText({ cmdline: `${ROOT} quiet`, osrel, ...about }, `initramfs ${release}\n`),
  ]
}

/** kernel-install hands kernel and initramfs to ukify; where the arguments come from stands in no file yet. */
export const debianUki: Distro = {
  ...debianSystemdBoot,
  name: 'Debian 13, unified kernel image by kernel-install',
  loader: 'uki-kernel-install',
  cmdline: `${ROOT} quiet systemd.machine_id=${MACHINE_ID}`,
  files: {
    ...images(),
    '/etc/kernel/install.conf': 'layout=uki\n',
    '/boot/efi/loader/loader.conf': 'timeout 3\n',
    ...Object.fromEntries(
      [OLD, NEW].map((release) =>
        unified(`${MACHINE_ID}-${release}`, release, {
          uname: release,
          cmdline: `${ROOT} quiet systemd.machine_id=${MACHINE_ID}`,
        }),
      ),
    ),
    [LOADER_INFO]: efiVariable('systemd-boot 257.13-1~deb13u1'),
  },
}

/** dracut makes the image, of arguments in its own configuration. */
export const debianDracutUki: Distro = {
  ...debianUki,
  name: 'Debian 13, unified kernel image by dracut',
  loader: 'uki-dracut',
  initramfs: 'dracut',
  cmdline: `${ROOT} quiet`,
  files: {
    ...images(),
    '/etc/dracut.conf.d/unified.conf': `uefi="yes"\nkernel_cmdline="${ROOT} quiet"\n`,
    '/boot/efi/loader/loader.conf': 'timeout 3\n',
    ...Object.fromEntries([OLD, NEW].map((release) => unified(`linux-${release}-${MACHINE_ID}`, release))),
    [LOADER_INFO]: efiVariable('systemd-boot 257.13-1~deb13u1'),
  },
  dirs: { '/etc/dracut.conf.d': [], '/lib/modules': [NEW, OLD] },
  tools: ['dracut', 'lsinitrd', 'kernel-install'],
}

/** Proxmox VE on ZFS: no ESP is mounted, and GRUB's files lie about unused. */
export const proxmox: Distro = {
  name: 'Proxmox VE 8, systemd-boot',
  loader: 'proxmox-boot-tool',
  initramfs: 'initramfs-tools',
  release: '6.8.12-1-pve',
  osRelease: OS,
  cmdline: 'initrd=\\EFI\\proxmox\\6.8.12-1-pve\\initrd.img-6.8.12-1-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet',
  uefi: true,
  files: {
    ...grub(),
    '/boot/initrd.img-6.8.12-1-pve': 'initramfs\n',
    '/boot/vmlinuz-6.8.12-1-pve': 'kernel\n',
    '/etc/kernel/cmdline': 'root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet\n',
    '/etc/kernel/proxmox-boot-uuids': '1A2B-3C4D\n5E6F-7A8B\n',
    '/simulated/proxmox-esp/loader/entries/proxmox-6.8.12-1-pve.conf':
      'title Proxmox\nversion 6.8.12-1-pve\noptions root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet\n',
    '/simulated/proxmox-esp/loader/entries/6.8.12-1-pve-initrd.img': 'initramfs\n',
    [LOADER_INFO]: efiVariable('systemd-boot 252.26-1~deb12u2'),
  },
  dirs: INITRAMFS_TOOLS,
  tools: ['update-grub', 'grub-mkconfig', 'proxmox-boot-tool', 'update-initramfs', 'lsinitramfs'],
}

/** Proxmox VE on ZFS in BIOS mode: GRUB reads copies of its menu from partitions that are not mounted. */
export const proxmoxGrub: Distro = {
  ...debianGrub,
  name: 'Proxmox VE 8, GRUB on ZFS',
  files: {
    ...debianGrub.files,
    '/etc/kernel/proxmox-boot-uuids': '1A2B-3C4D\n',
    '/simulated/proxmox-esp/grub/grub.cfg': debianGrub.files['/boot/grub/grub.cfg'] ?? '',
  },
  tools: ['update-grub', 'grub-mkconfig', 'proxmox-boot-tool', 'update-initramfs', 'lsinitramfs'],
}

const POP_ROOT = 'root=UUID=7d3b9e02-55aa-4c1d-8e7f-19c0a4b6d2f3 ro quiet loglevel=0 systemd.show_status=false splash'
const POP_ESP = '/boot/efi/EFI/Pop_OS-7d3b9e02-55aa-4c1d-8e7f-19c0a4b6d2f3'

function popEntry(which: 'current' | 'oldkern', suffix: string): string {
  const place = POP_ESP.replace('/boot/efi', '')
  return `title Pop!_OS${which === 'current' ? '' : ' (old kernel)'}\nlinux ${place}/vmlinuz${suffix}.efi\ninitrd ${place}/initrd.img${suffix}\noptions ${POP_ROOT}\n`
}

export const popOs: Distro = {
  name: 'Pop!_OS 22.04',
  loader: 'kernelstub',
  initramfs: 'initramfs-tools',
  release: '6.9.3-76060903-generic',
  osRelease: osRelease('pop', 'Pop!_OS 22.04 LTS'),
  cmdline: `initrd=\\EFI\\Pop_OS-7d3b9e02-55aa-4c1d-8e7f-19c0a4b6d2f3\\initrd.img ${POP_ROOT}`,
  uefi: true,
  files: {
    '/boot/initrd.img-6.9.3-76060903-generic': 'initramfs\n',
    '/boot/vmlinuz-6.9.3-76060903-generic': 'kernel\n',
    '/boot/efi/loader/loader.conf': 'default Pop_OS-current\n',
    '/boot/efi/loader/entries/Pop_OS-current.conf': popEntry('current', ''),
    '/boot/efi/loader/entries/Pop_OS-oldkern.conf': popEntry('oldkern', '-previous'),
    [`${POP_ESP}/initrd.img`]: 'initramfs\n',
    [`${POP_ESP}/initrd.img-previous`]: 'initramfs of before\n',
    [`${POP_ESP}/cmdline`]: POP_ROOT,
    '/etc/kernelstub/configuration': JSON.stringify(
      {
        default: { kernel_options: ['quiet', 'splash'], esp_path: '/boot/efi', config_rev: 3 },
        user: {
          kernel_options: ['quiet', 'loglevel=0', 'systemd.show_status=false', 'splash'],
          esp_path: '/boot/efi',
          setup_loader: true,
          manage_mode: true,
          force_update: false,
          live_mode: false,
          config_rev: 3,
        },
      },
      null,
      2,
    ),
  },
  dirs: INITRAMFS_TOOLS,
  tools: ['kernelstub', 'update-initramfs', 'lsinitramfs', 'kernel-install'],
}
