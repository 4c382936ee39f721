/**
 * Directories of the virtio-win disc with drivers of 64 bits, one for each Windows, as the project that packs it maps
 * them (virtio-win/virtio-win-pkg-scripts, util/filemap.py); discs since 2024 have 2k25 as well. What else is on it is
 * left out.
 */
const WINDOWS = ['2k16', '2k19', '2k22', 'w10', 'w11'] as const
const DRIVERS = [
  ...['Balloon', 'NetKVM', 'pvpanic', 'qemupciserial', 'sriov', 'viofs', 'viogpudo', 'vioinput', 'viorng'],
  ...['vioscsi', 'vioserial', 'viostor'],
]

export const DRIVER_DIRECTORIES: ReadonlySet<string> = new Set(
  DRIVERS.flatMap((driver) => WINDOWS.map((windows) => `${driver}\\${windows}\\amd64`)),
)

export const DRIVER_DISC_FILES: ReadonlySet<string> = new Set([
  'guest-agent\\qemu-ga-i386.msi',
  'guest-agent\\qemu-ga-x86_64.msi',
  'virtio-win-gt-x64.msi',
  'virtio-win-gt-x86.msi',
  'virtio-win-guest-tools.exe',
])
