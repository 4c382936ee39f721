/** Every file outside /var/lib and /run that this program may write. Nothing else is ever written. */
export const OWN_FILES = {
  grubDropIn: '/etc/default/grub.d/90-passthrough-studio.cfg',
  grubDefaults: '/etc/default/grub',
  modulesLoad: '/etc/modules-load.d/passthrough-studio.conf',
  initramfsHook: '/etc/initramfs-tools/hooks/passthrough-studio',
  initramfsInitTop: '/etc/initramfs-tools/scripts/init-top/passthrough-studio',
  dracutConf: '/etc/dracut.conf.d/90-passthrough-studio.conf',
  nmBridge: '/etc/NetworkManager/system-connections/passthrough-studio-bridge.nmconnection',
  nmPort: '/etc/NetworkManager/system-connections/passthrough-studio-port.nmconnection',
  networkdNetdev: '/etc/systemd/network/00-passthrough-studio-bridge.netdev',
  networkdBridge: '/etc/systemd/network/00-passthrough-studio-bridge.network',
  networkdPort: '/etc/systemd/network/00-passthrough-studio-port.network',
  interfaces: '/etc/network/interfaces',
  interfacesBridge: '/etc/network/interfaces.d/passthrough-studio',
} as const

export const DATA_DIRECTORY = '/var/lib/passthrough-studio'
export const RUN_DIRECTORY = '/run/passthrough-studio'

/** Written by our early-boot rule while the initramfs runs: one `address driver` a line. */
export const EARLY_BIND_NOTE = `${RUN_DIRECTORY}/early-bind`
