import { type Distro, efiVariable, grubCfg, LOADER_INFO, MACHINE_ID, osRelease } from './base.ts'

const LEAP = '6.4.0-150600.23.14-default'
const LEAP_LINE = 'root=UUID=e8a5c0f1-6b2d-4973-b0de-51f7a9c3d846 splash=silent quiet security=apparmor'

export const openSuse: Distro = {
  name: 'openSUSE Leap 15.6, GRUB',
  loader: 'grub2-suse',
  initramfs: 'dracut',
  release: LEAP,
  osRelease: osRelease('opensuse-leap', 'openSUSE Leap 15.6'),
  cmdline: `BOOT_IMAGE=/boot/vmlinuz-${LEAP} ${LEAP_LINE}`,
  uefi: true,
  files: {
    '/etc/default/grub':
      '# Uncomment to set your own custom distributor\nGRUB_DISTRIBUTOR=\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX_DEFAULT="splash=silent quiet security=apparmor"\nGRUB_CMDLINE_LINUX=""\n',
    '/boot/grub2/grub.cfg': grubCfg('${saved_entry}', [
      {
        title: 'openSUSE Leap 15.6',
        id: 'gnulinux-simple',
        linux: `/boot/vmlinuz-${LEAP}`,
        cmdline: LEAP_LINE,
        initrd: `/boot/initrd-${LEAP}`,
      },
    ]),
    '/boot/grub2/grubenv': '# GRUB Environment Block\nsaved_entry=openSUSE Leap 15.6\n######',
    [`/boot/initrd-${LEAP}`]: 'initramfs\n',
    [`/boot/vmlinuz-${LEAP}`]: 'kernel\n',
  },
  dirs: { '/etc/dracut.conf.d': [] },
  tools: ['grub2-mkconfig', 'dracut', 'lsinitrd'],
}

const WEED = '6.9.7-1-default'
const WEED_LINE =
  'root=UUID=e8a5c0f1-6b2d-4973-b0de-51f7a9c3d846 splash=silent quiet rootflags=subvol=@/.snapshots/7/snapshot'
const WEED_INITRD = `/opensuse-tumbleweed/${WEED}/initrd-4f8a1c`

export const tumbleweed: Distro = {
  name: 'openSUSE Tumbleweed, systemd-boot',
  loader: 'sdbootutil',
  initramfs: 'sdbootutil',
  release: WEED,
  osRelease: osRelease('opensuse-tumbleweed', 'openSUSE Tumbleweed'),
  cmdline: `initrd=${WEED_INITRD.replaceAll('/', '\\')} ${WEED_LINE} systemd.machine_id=${MACHINE_ID}`,
  uefi: true,
  files: {
    '/etc/kernel/cmdline': `${WEED_LINE} systemd.machine_id=${MACHINE_ID}\n`,
    '/boot/efi/loader/loader.conf': `default opensuse-tumbleweed-${WEED}-7.conf\ntimeout 8\n`,
    [`/boot/efi/loader/entries/opensuse-tumbleweed-${WEED}-7.conf`]: `# Boot Loader Specification type#1 entry, by sdbootutil\ntitle openSUSE Tumbleweed\nversion 7@${WEED}\nsort-key opensuse-tumbleweed\noptions ${WEED_LINE} systemd.machine_id=${MACHINE_ID}\nlinux /opensuse-tumbleweed/${WEED}/linux-8b2d\ninitrd ${WEED_INITRD}\n`,
    [`/boot/efi${WEED_INITRD}`]: 'initramfs\n',
    [LOADER_INFO]: efiVariable('systemd-boot 255.8+suse.31'),
  },
  dirs: { '/etc/dracut.conf.d': [] },
  tools: ['sdbootutil', 'dracut', 'lsinitrd', 'kernel-install'],
}

/** Read-only root; the same tools, but only inside a transaction. */
export const microOs: Distro = {
  ...tumbleweed,
  name: 'openSUSE MicroOS',
  osRelease: osRelease('opensuse-microos', 'openSUSE MicroOS'),
  files: {
    ...tumbleweed.files,
    '/proc/self/mounts': '/dev/sda3 / btrfs ro,relatime,subvolid=275 0 0\nproc /proc proc rw 0 0\n',
  },
}

export const nixOs: Distro = {
  name: 'NixOS 24.05',
  loader: 'nixos',
  initramfs: 'by NixOS',
  release: '6.6.36',
  osRelease: osRelease('nixos', 'NixOS 24.05 (Uakari)'),
  cmdline:
    'initrd=\\EFI\\nixos\\3kq-initrd-linux-6.6.36-initrd.efi init=/nix/store/9xw-nixos-system-ws-24.05/init loglevel=4',
  uefi: true,
  files: {
    '/etc/NIXOS': '',
    '/boot/loader/loader.conf': 'timeout 5\ndefault nixos-generation-12.conf\n',
    '/boot/loader/entries/nixos-generation-12.conf':
      'title NixOS\nversion Generation 12\nlinux /EFI/nixos/kernel.efi\ninitrd /EFI/nixos/initrd.efi\noptions init=/nix/store/9xw-nixos-system-ws-24.05/init loglevel=4\n',
  },
  tools: [],
}
