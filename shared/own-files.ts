/** Every file outside /var/lib and /run that this program may write. Nothing else is ever written. */
export const OWN_FILES = {
  grubDropIn: '/etc/default/grub.d/90-passthrough-studio.cfg',
  grubDefaults: '/etc/default/grub',
  grubRescue: '/etc/grub.d/42_passthrough-studio',
  kernelCmdline: '/etc/kernel/cmdline',
  modulesLoad: '/etc/modules-load.d/passthrough-studio.conf',
  initramfsHook: '/etc/initramfs-tools/hooks/passthrough-studio',
  initramfsInitTop: '/etc/initramfs-tools/scripts/init-top/passthrough-studio',
  dracutConf: '/etc/dracut.conf.d/90-passthrough-studio.conf',
  mkinitcpioConf: '/etc/mkinitcpio.conf',
  mkinitcpioDropIn: '/etc/mkinitcpio.conf.d/90-passthrough-studio.conf',
  dracutEarlyConf: '/etc/dracut.conf.d/91-passthrough-studio-early.conf',
  mkinitcpioEarlyConf: '/etc/mkinitcpio.conf.d/91-passthrough-studio-early.conf',
  mkinitcpioInstall: '/etc/initcpio/install/passthrough-studio',
  mkinitcpioHook: '/etc/initcpio/hooks/passthrough-studio',
  earlyScript: '/etc/passthrough-studio/early-bind',
  earlyUnit: '/etc/systemd/system/passthrough-studio-early-bind.service',
  earlyUnitWant: '/etc/systemd/system/initrd.target.d/passthrough-studio.conf',
} as const

/** The boot loader specification's directory for menu entries, on /boot and wherever an ESP is mounted. */
export const ENTRY_DIRECTORIES = ['/boot/loader/entries', '/efi/loader/entries', '/boot/efi/loader/entries'] as const
export const RESCUE_ENTRY = 'passthrough-studio-rescue.conf'
/** Names the partitions that proxmox-boot-tool keeps in step; they are not mounted. */
export const PROXMOX_UUIDS = '/etc/kernel/proxmox-boot-uuids'
/** An argument of ours: the early-boot rule leaves all devices alone when it is there. */
export const RESCUE_WORD = 'passthrough_studio=off'

export const DATA_DIRECTORY = '/var/lib/passthrough-studio'
export const RUN_DIRECTORY = '/run/passthrough-studio'

/** Written by our early-boot rule while the initramfs runs: one `address driver` a line. */
export const EARLY_BIND_NOTE = `${RUN_DIRECTORY}/early-bind`
