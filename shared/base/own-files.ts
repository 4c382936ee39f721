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
  /** Read last: what another file assigns would be gone else (dracut.conf(5)). */
  dracutCmdline: '/etc/dracut.conf.d/zz-passthrough-studio-cmdline.conf',
  cmdlineDropIn: '/etc/cmdline.d/90-passthrough-studio.conf',
  dracutEarlyConf: '/etc/dracut.conf.d/91-passthrough-studio-early.conf',
  mkinitcpioEarlyConf: '/etc/mkinitcpio.conf.d/91-passthrough-studio-early.conf',
  mkinitcpioInstall: '/etc/initcpio/install/passthrough-studio',
  mkinitcpioHook: '/etc/initcpio/hooks/passthrough-studio',
  earlyScript: '/etc/passthrough-studio/early-bind',
  earlyUnit: '/etc/systemd/system/passthrough-studio-early-bind.service',
  earlyUnitWant: '/etc/systemd/system/initrd.target.d/passthrough-studio.conf',
  virtualScript: '/etc/passthrough-studio/virtual-functions',
  virtualUnit: '/etc/systemd/system/passthrough-studio-virtual-functions.service',
  virtualUnitWant: '/etc/systemd/system/multi-user.target.d/passthrough-studio.conf',
  nmBridge: '/etc/NetworkManager/system-connections/passthrough-studio-bridge.nmconnection',
  nmPort: '/etc/NetworkManager/system-connections/passthrough-studio-port.nmconnection',
  networkdNetdev: '/etc/systemd/network/00-passthrough-studio-bridge.netdev',
  networkdBridge: '/etc/systemd/network/00-passthrough-studio-bridge.network',
  networkdPort: '/etc/systemd/network/00-passthrough-studio-port.network',
  interfaces: '/etc/network/interfaces',
  interfacesBridge: '/etc/network/interfaces.d/passthrough-studio',
  swtpmRules: '/etc/apparmor.d/local/usr.bin.swtpm',
} as const

/** Where an EFI system partition or its extension (XBOOTLDR) is mounted, by systemd's and the distributions' habits. */
export const ESP_PLACES = ['/efi', '/boot', '/boot/efi'] as const
/** The boot loader specification's directory for menu entries, on /boot and wherever an ESP is mounted. */
export const ENTRY_DIRECTORIES = ['/boot/loader/entries', '/efi/loader/entries', '/boot/efi/loader/entries'] as const
export const RESCUE_ENTRY = 'passthrough-studio-rescue.conf'
/** Names the partitions that proxmox-boot-tool keeps in step; they are not mounted. */
export const PROXMOX_UUIDS = '/etc/kernel/proxmox-boot-uuids'
/** AppArmor's profile of swtpm, which Ubuntu and openSUSE confine; it includes our rules for it. */
export const SWTPM_PROFILE = '/etc/apparmor.d/usr.bin.swtpm'
/** An argument of ours: the early-boot rule leaves all devices alone when it is there. */
export const RESCUE_WORD = 'passthrough_studio=off'

/** Files that nobody else writes: where one is, this program has changed the host. */
export const OURS_ALONE: readonly string[] = [
  ...Object.values(OWN_FILES).filter((path) => path.includes('passthrough-studio')),
  ...ENTRY_DIRECTORIES.map((directory) => `${directory}/${RESCUE_ENTRY}`),
]

const UNITS = '/etc/systemd/system'

/** Names of files that there is one of for each VM. */
export const AUTOSTART_UNIT = (vm: string): string => `${UNITS}/passthrough-studio-autostart-${vm}.service`
export const AUTOSTART_WANT = (vm: string): string => `${UNITS}/multi-user.target.d/passthrough-studio-vm-${vm}.conf`
export const POLKIT_RULES = '/etc/polkit-1/rules.d'
/** polkit's rules are read by nobody but polkit and root, so whose it is stands in the name. */
export const START_RULE = (vm: string, uid: number): string =>
  `${POLKIT_RULES}/60-passthrough-studio-vm-${vm}-${uid}.rules`
/** The same with the VM's name as first group, and the VM's unit itself. */
export const VM_SERVICE = {
  unit: /^\/etc\/systemd\/system\/passthrough-studio-(?:vm|autostart)-(.+)\.service$/u,
  want: /^\/etc\/systemd\/system\/multi-user\.target\.d\/passthrough-studio-vm-(.+)\.conf$/u,
  rule: /^\/etc\/polkit-1\/rules\.d\/60-passthrough-studio-vm-(.+)-\d+\.rules$/u,
} as const

export const DATA_DIRECTORY = '/var/lib/passthrough-studio'
export const JOURNAL_FILE = `${DATA_DIRECTORY}/journal.jsonl`
/** Undoes everything without the app: a POSIX shell script kept beside the journal. */
export const RESCUE_SCRIPT = `${DATA_DIRECTORY}/rescue.sh`
/** The same in words, to be read before the first reboot. */
export const RECOVERY_SHEET = `${DATA_DIRECTORY}/RECOVERY.txt`
/** Begins the name of a directory beside the journal: a journal nobody understood, with its rescue script and sheet. */
export const SET_ASIDE = 'set-aside-'
/** Root's own notes of this boot, and below it places of VMs. */
export const RUN_DIRECTORY = '/run/passthrough-studio'
/** Each VM has a directory of its user's here; this one is root's, so that no user replaces one of them. */
export const VM_RUN_DIRECTORY = `${RUN_DIRECTORY}/vms`
/** Root's note of what a VM's start changed on the host; there as long as that is not given back. */
export function takenNote(name: string): string {
  return `${RUN_DIRECTORY}/taken/${name}`
}

/** What the host's part had to say at a VM's last start or end, in sentences; everybody may read it. */
export function saidNote(name: string): string {
  return `${RUN_DIRECTORY}/said/${name}`
}

/** Root's note that the kernel hangs on a function. A boot empties /run and so ends both. */
export function stuckNote(address: string): string {
  return `${RUN_DIRECTORY}/stuck-${address}`
}

/** The rule of step 5, by the generator that takes it: initramfs-tools, or any that runs it through systemd or a hook. */
export const EARLY_RULES = [OWN_FILES.initramfsInitTop, OWN_FILES.earlyScript] as const

/** Of each kind of generator, the files it takes: of step 3, that put vfio-pci into the image, and of step 5. */
export const INITRAMFS_FILES = {
  'initramfs-tools': { boot: [OWN_FILES.initramfsHook], bind: [OWN_FILES.initramfsInitTop] },
  dracut: {
    boot: [OWN_FILES.dracutConf],
    bind: [OWN_FILES.dracutEarlyConf, OWN_FILES.earlyScript, OWN_FILES.earlyUnit, OWN_FILES.earlyUnitWant],
  },
  mkinitcpio: {
    boot: [OWN_FILES.mkinitcpioDropIn],
    bind: [
      ...[OWN_FILES.mkinitcpioEarlyConf, OWN_FILES.mkinitcpioInstall, OWN_FILES.mkinitcpioHook],
      ...[OWN_FILES.earlyScript, OWN_FILES.earlyUnit, OWN_FILES.earlyUnitWant],
    ],
  },
} as const

/** Written by our early-boot rule while the initramfs runs: one `address driver` a line. */
export const EARLY_BIND_NOTE = `${RUN_DIRECTORY}/early-bind`

/** Ends the name of a file while it is being written; a kill at that moment leaves it, undo takes it away. */
export const UNFINISHED = '.passthrough-studio-new'
