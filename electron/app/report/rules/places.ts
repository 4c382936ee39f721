/** Which names of a directory are read. A directory without a rule is left out. */
export interface DirectoryRule {
  paths: RegExp
  names: RegExp
}

const ANY = /^/u
const NONE = /(?!)/u
const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/u
const ESP = '(?:/boot|/efi|/boot/efi)'

function within(...patterns: string[]): RegExp {
  return new RegExp(`^(?:${patterns.join('|')})$`, 'u')
}

export const DIRECTORIES: readonly DirectoryRule[] = [
  {
    paths: within(
      '/sys/bus/pci/devices',
      '/proc/driver/nvidia/gpus',
      '/etc/driverctl\\.d',
      '/sys/kernel/iommu_groups/\\d+/devices',
    ),
    names: ADDRESS,
  },
  {
    paths: within(
      '/sys/bus/pci/devices/[^/]+/(?:drm|graphics|sound|vfio-dev)',
      '/sys/bus/usb/devices',
      '/sys/class/(?:drm|input|vtconsole|iommu|net|block)',
    ),
    names: ANY,
  },
  {
    paths: within(
      '/sys/class/block/[^/]+/(?:slaves|holders)',
      '/sys/fs/btrfs/[^/]+/devices',
      '/sys/fs/(?:btrfs|ext4|xfs|f2fs|bcachefs)',
      '/proc/spl/kstat/zfs',
    ),
    names: ANY,
  },
  { paths: within('/sys/class/net/[^/]+'), names: /^(?:lower|upper)_/u },
  { paths: within('/sys/class/nvme-subsystem/[^/]+'), names: /^nvme\d+$/u },
  { paths: within('/sys/devices/system/cpu'), names: /^cpu\d+$/u },
  { paths: within('/sys/devices/system/cpu/cpu\\d+', '/sys/devices/system/node'), names: /^node\d+$/u },
  { paths: within('/sys/firmware/acpi/tables'), names: /^(?:DMAR|IVRS|APIC|FACP|DSDT|SSDT\d*|MCFG|HPET)$/u },
  { paths: within('/sys/kernel/iommu_groups', '/dev/vfio'), names: /^\d+$/u },
  // Functions on which the kernel hangs.
  { paths: within('/run/passthrough-studio'), names: /^stuck-[0-9a-f:.]+$/u },
  // That they are there is all that is asked.
  {
    paths: within(
      '/sys/firmware/efi',
      '/sys/module/kvm_(?:intel|amd)',
      '/sys/bus/pci/drivers/vfio-pci',
      '/sys/class/net/[^/]+/(?:bridge|wireless)',
      '/run/NetworkManager',
      '/run/systemd/system',
      '/etc/polkit-1/rules\\.d',
      '/etc/initramfs-tools',
      '/usr/share/initramfs-tools',
      '/proc/spl/kstat/zfs/[^/]+',
      '/usr/lib(?:64)?/(?:x86_64-linux-gnu/)?qemu(?:-kvm)?',
    ),
    names: NONE,
  },
  { paths: within('/proc'), names: /^\d+$/u },
  { paths: within('/run'), names: /^docker\.sock$/u },
  { paths: within('/dev'), names: /^(?:kvm|vhost-net|nvidia[\w-]*)$/u },
  { paths: within('/dev/net'), names: /^tun$/u },
  { paths: within('/dev/snd'), names: /^(?:controlC\d+|pcmC\d+D\d+[pc]|hwC\d+D\d+)$/u },
  { paths: within('/boot'), names: /^(?!.*(?:rescue|kdump))(?:initrd(?:\.img)?-|initramfs-|vmlinuz-)/u },
  { paths: within('/usr/lib/modules/[^/]+'), names: /^vmlinuz$/u },
  { paths: within(`${ESP}/loader/entries`), names: /\.conf$/u },
  { paths: within(`${ESP}/EFI/Linux`), names: /\.efi$/u },
  {
    paths: within(
      '/(?:etc|run|usr/local/lib|usr/lib|lib)/(?:modprobe|modules-load)\\.d',
      '/etc/(?:dracut|mkinitcpio)\\.conf\\.d',
      '/usr/lib/dracut/dracut\\.conf\\.d',
      '/etc/cmdline\\.d',
      '/etc/udev/rules\\.d',
      '/etc/default/grub\\.d',
      '/etc/network/interfaces\\.d',
      '/etc/systemd/network/[^/]+\\.d',
      '/etc/initramfs-tools/scripts/init-(?:top|premount)(?:/.+)?',
      '/etc/initcpio/hooks(?:/.+)?',
      '/etc/libvirt/hooks(?:/.+)?',
      '/var/lib/passthrough-studio/vms',
    ),
    names: ANY,
  },
  { paths: within('/etc/mkinitcpio\\.d'), names: /\.preset$/u },
  { paths: within('/(?:etc|usr/share)/qemu/firmware'), names: /\.json$/u },
  { paths: within('/etc/ssh/sshd_config\\.d'), names: /\.conf$/u },
  { paths: within('/etc/network/if-pre-up\\.d'), names: /^bridge$/u },
]

/** Links whose targets are read. */
export const LINKS =
  /^\/(?:proc\/(?:self|\d+)\/ns\/mnt$|sys\/|dev\/|usr\/(?:local\/)?bin\/|opt\/|snap\/bin\/|var\/lib\/(?:flatpak|snapd)\/|etc\/grub2-efi\.cfg$|boot\/grub2\/grubenv$)/u

/** What a process has open: nodes of devices only. Which files people have open is private. */
export const OPENED = /^\/proc\/\d+\/fd\/\d+$/u
export const DEVICE_NODE =
  /^\/dev\/(?:dri\/(?:card|renderD)\d+|nvidia[\w/-]*|vfio\/[\w/-]+|kvm|kfd|snd\/\w+|(?:sd|vd|nvme|dm-|md)\w+)$/u
