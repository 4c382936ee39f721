import { unifiedText } from '#host/simulated/tools/unified.ts'
import { type Distro, efiVariable, grubCfg, LOADER_INFO, osRelease } from './base.ts'

const ROOT = 'root=UUID=c4d27b6e-0b1f-4a93-8d5e-6f9a1e3c7b20 rw'
const CONF =
  '# vim:set ft=sh\nMODULES=()\nBINARIES=()\nFILES=()\nHOOKS=(base udev autodetect modconf kms block filesystems fsck)\n'
const RUNNING = '6.9.7-arch1-1'

const COMMON = { initramfs: 'mkinitcpio', release: RUNNING, osRelease: osRelease('arch', 'Arch Linux'), uefi: true }
const BOOT = {
  '/boot/vmlinuz-linux': 'kernel\n',
  '/boot/initramfs-linux.img': 'initramfs\n',
  '/boot/initramfs-linux-fallback.img': 'initramfs fallback\n',
  '/etc/mkinitcpio.conf': CONF,
}

/** An upstream grub-mkconfig: it knows no /etc/default/grub.d. */
const MKCONFIG = '#! /bin/sh\nif test -f ${sysconfdir}/default/grub ; then\n  . ${sysconfdir}/default/grub\nfi\n'

export const archGrub: Distro = {
  ...COMMON,
  name: 'Arch, GRUB',
  loader: 'grub-arch',
  cmdline: `BOOT_IMAGE=/boot/vmlinuz-linux ${ROOT} loglevel=3 quiet`,
  files: {
    ...BOOT,
    '/usr/bin/grub-mkconfig': MKCONFIG,
    '/etc/default/grub':
      '# GRUB boot loader configuration\nGRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="loglevel=3 quiet"\nGRUB_CMDLINE_LINUX=""\n',
    '/boot/grub/grub.cfg': grubCfg('0', [
      {
        title: 'Arch Linux',
        id: 'gnulinux-simple',
        linux: '/boot/vmlinuz-linux',
        cmdline: `${ROOT} loglevel=3 quiet`,
        initrd: '/boot/initramfs-linux.img',
      },
    ]),
  },
  dirs: { '/etc/mkinitcpio.conf.d': [] },
  tools: ['grub-mkconfig', 'mkinitcpio', 'lsinitcpio'],
}

/** As pacman left it where the system was installed before 2023: its preset names the one configuration to go by. */
export const archOldPresets: Distro = {
  ...archGrub,
  name: 'Arch, GRUB, presets of before 2023',
  files: {
    ...archGrub.files,
    '/etc/mkinitcpio.d/linux.preset': `ALL_config="/etc/mkinitcpio.conf"\nALL_kver="/boot/vmlinuz-linux"\nPRESETS=('default' 'fallback')\ndefault_image="/boot/initramfs-linux.img"\nfallback_image="/boot/initramfs-linux-fallback.img"\nfallback_options="-S autodetect"\n`,
  },
}

const ENTRY = `# Created by hand\ntitle   Arch Linux\nlinux   /vmlinuz-linux\ninitrd  /initramfs-linux.img\n# disk\noptions ${ROOT}\noptions quiet splash\n`

/** An older mkinitcpio: its only configuration is the one file. */
export const archSystemdBoot: Distro = {
  ...COMMON,
  name: 'Arch, systemd-boot',
  loader: 'systemd-boot',
  cmdline: `initrd=\\initramfs-linux.img ${ROOT} quiet splash`,
  files: {
    ...BOOT,
    '/boot/loader/loader.conf': 'default arch.conf\ntimeout 4\n',
    '/boot/loader/entries/arch.conf': ENTRY,
    '/boot/loader/entries/arch-fallback.conf': ENTRY.replace('linux.img', 'linux-fallback.img').replace(
      'Arch Linux',
      'Arch Linux (fallback)',
    ),
  },
  tools: ['mkinitcpio', 'lsinitcpio', 'kernel-install'],
}

const UKI = '/efi/EFI/Linux/arch-linux.efi'
const OSREL = 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n'

export const archUki: Distro = {
  ...COMMON,
  name: 'Arch, unified kernel image',
  loader: 'uki',
  cmdline: `${ROOT} quiet`,
  files: {
    ...BOOT,
    '/etc/kernel/cmdline': `# root\n${ROOT} quiet\n`,
    '/etc/mkinitcpio.d/linux.preset': `ALL_kver="/boot/vmlinuz-linux"\nPRESETS=('default' 'fallback')\ndefault_uki="${UKI}"\nfallback_uki="/efi/EFI/Linux/arch-linux-fallback.efi"\n`,
    [UKI]: unifiedText({ cmdline: `${ROOT} quiet`, osrel: OSREL }),
    '/efi/EFI/Linux/arch-linux-fallback.efi': unifiedText({ cmdline: `${ROOT} quiet`, osrel: OSREL }),
    '/efi/loader/loader.conf': 'timeout 3\n',
    [LOADER_INFO]: efiVariable('systemd-boot 256.1-1-arch'),
  },
  dirs: { '/etc/mkinitcpio.conf.d': [] },
  tools: ['mkinitcpio', 'lsinitcpio', 'kernel-install'],
}

/** Its command line is put together of a directory; nothing else holds it. */
export const archUkiCmdlineD: Distro = {
  ...archUki,
  name: 'Arch, unified kernel image, /etc/cmdline.d',
  files: {
    ...Object.fromEntries(Object.entries(archUki.files).filter(([path]) => path !== '/etc/kernel/cmdline')),
    '/etc/cmdline.d/root.conf': `${ROOT}\n`,
    '/etc/cmdline.d/quiet.conf': 'quiet\n',
  },
}
