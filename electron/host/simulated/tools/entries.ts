import { OWN_FILES } from '#shared/base/own-files.ts'
import { parseCmdlineFile, parseLoaderEntry } from '#shared/facts/boot/loader-entry.ts'
import { formatKernelArgs, type KernelArgs, missingArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { type Disk, existing, initramfsInputs } from './disk.ts'
import { installUnified } from './unified.ts'

const ENTRY = /^\/(boot|efi|boot\/efi)\/loader\/entries\/.*\.conf$/u
const KERNELSTUB = '/etc/kernelstub/configuration'

type Edit = (args: KernelArgs) => KernelArgs

/** Takes out what is there, and adds what is missing then. */
function edit(add: KernelArgs, remove: KernelArgs): Edit {
  return (args) => {
    const kept = args.filter((token) => !remove.includes(token))
    return [...kept, ...missingArgs(kept, add)]
  }
}

function setOptions(disk: Disk, path: string, change: Edit): void {
  const text = disk.read(path) ?? ''
  const args = change(parseKernelArgs(parseLoaderEntry(path, text).options))
  disk.write(path, text.replace(/^options.*$/mu, `options ${formatKernelArgs(args)}`))
}

/** grubby --update-kernel=ALL: every entry in /boot, and what entries of kernels to come are made from. */
export function grubby(disk: Disk, args: readonly string[]): void {
  const words = (option: string) =>
    args.filter((arg) => arg.startsWith(option)).flatMap((arg) => parseKernelArgs(arg.slice(option.length)))
  const change = edit(words('--args='), words('--remove-args='))
  for (const path of existing(disk, /^\/boot\/loader\/entries\/.*\.conf$/u)) setOptions(disk, path, change)
  const cmdline = disk.read(OWN_FILES.kernelCmdline)
  if (cmdline !== null) disk.write(OWN_FILES.kernelCmdline, `${formatKernelArgs(change(parseCmdlineFile(cmdline)))}\n`)
  const defaults = disk.read(OWN_FILES.grubDefaults)
  const edited = defaults?.replace(
    /^(GRUB_CMDLINE_LINUX=")([^"]*)(")/mu,
    (_all, open: string, line: string, end: string) => {
      return `${open}${formatKernelArgs(change(parseKernelArgs(line)))}${end}`
    },
  )
  if (edited !== undefined) disk.write(OWN_FILES.grubDefaults, edited)
}

/** kernel-install add: entry and initramfs on the ESP, or one image, from /etc/kernel/cmdline or else what runs now. */
export function kernelInstall(disk: Disk, release: string, running: string): void {
  const file = disk.read(OWN_FILES.kernelCmdline)
  const args = file === null ? parseKernelArgs(running) : parseCmdlineFile(file)
  const own = args.filter((token) => !/^(initrd|BOOT_IMAGE|systemd\.machine_id)=/u.test(token))
  installUnified(disk, release, own)
  const entry = existing(disk, ENTRY).find((path) => path.endsWith(`-${release}.conf`))
  if (entry === undefined) return
  const machine = parseLoaderEntry(entry, disk.read(entry) ?? '').machineId
  setOptions(disk, entry, () => [...own, `systemd.machine_id=${machine}`])
  const [initrd] = parseLoaderEntry(entry, disk.read(entry) ?? '').initrds
  const image = disk.read(`/boot/initrd.img-${release}`)
  if (initrd !== undefined && image !== null) disk.write(`${partition(entry)}${initrd}`, image)
}

function partition(entry: string): string {
  return entry.slice(0, entry.indexOf('/loader/entries/'))
}

/** Debian's hooks behind update-initramfs: kernel-install for each release, kernelstub, proxmox-boot-tool. */
export function afterUpdateInitramfs(disk: Disk, running: string): void {
  // systemd 252 wrote no comment yet; what its entries boot lies in /TOKEN/RELEASE.
  const made = /kernel\/install\.d\/|^linux\s+\/[^/\s]+\/[^/\s]+\/linux\s*$/mu
  const generated = existing(disk, ENTRY).filter((path) => made.test(disk.read(path) ?? ''))
  for (const path of generated) kernelInstall(disk, /-(\d+\.[^/]*)\.conf$/u.exec(path)?.[1] ?? '', running)
  if (disk.read(KERNELSTUB) !== null) copyForKernelstub(disk)
  if (disk.read('/etc/kernel/proxmox-boot-uuids') !== null) proxmoxRefresh(disk)
}

function copyForKernelstub(disk: Disk): void {
  const newest = existing(disk, /^\/boot\/initrd\.img-/u).at(-1) ?? ''
  for (const path of existing(disk, /^\/boot\/efi\/EFI\/Pop_OS-[^/]+\/initrd\.img$/u))
    disk.write(path, disk.read(newest) ?? '')
}

/** kernelstub -a and -d: its configuration, its entries, and the copy of the arguments beside the kernel. */
export function kernelstub(disk: Disk, args: readonly string[]): void {
  const words = (option: string) =>
    args.flatMap((arg, index) => (arg === option ? parseKernelArgs(args[index + 1] ?? '') : []))
  const change = edit(words('-a'), words('-d'))
  const configuration = JSON.parse(disk.read(KERNELSTUB) ?? '{}') as { user: { kernel_options: string[] } }
  configuration.user.kernel_options = [...change(configuration.user.kernel_options)]
  disk.write(KERNELSTUB, JSON.stringify(configuration, null, 2))
  for (const path of existing(disk, /^\/boot\/efi\/loader\/entries\/Pop_OS-.*\.conf$/u)) setOptions(disk, path, change)
  for (const path of existing(disk, /^\/boot\/efi\/EFI\/Pop_OS-[^/]+\/cmdline$/u))
    disk.write(path, formatKernelArgs(change(parseKernelArgs(disk.read(path) ?? ''))))
}

/** Partitions that are not mounted have a place of their own in the simulation. */
export const PROXMOX_MENU = '/simulated/proxmox-esp/grub/grub.cfg'
export const PROXMOX_ESP = '/simulated/proxmox-esp/loader/entries/'

/** proxmox-boot-tool refresh: the menu, or entries and images of every kernel, onto the unmounted partitions. */
export function proxmoxRefresh(disk: Disk): void {
  if (disk.recorded(PROXMOX_MENU) !== null) {
    disk.write(PROXMOX_MENU, disk.read('/boot/grub/grub.cfg') ?? '')
    return
  }
  const args = formatKernelArgs(parseCmdlineFile(disk.read(OWN_FILES.kernelCmdline) ?? ''))
  for (const image of existing(disk, /^\/boot\/initrd\.img-/u)) {
    const release = image.slice('/boot/initrd.img-'.length)
    disk.write(`${PROXMOX_ESP}proxmox-${release}.conf`, `title Proxmox\nversion ${release}\noptions ${args}\n`)
    disk.write(`${PROXMOX_ESP}${release}-initrd.img`, disk.read(image) ?? '')
  }
}

/** sdbootutil: entries from /etc/kernel/cmdline; on `add-all-kernels` new images too, under a name that depends on their bytes. */
export function sdbootutil(disk: Disk, args: readonly string[]): void {
  for (const path of existing(disk, ENTRY).filter((entry) => /sdbootutil/u.test(disk.recorded(entry) ?? ''))) {
    setOptions(disk, path, () => parseCmdlineFile(disk.read(OWN_FILES.kernelCmdline) ?? ''))
    if (args.includes('add-all-kernels')) newImage(disk, path)
  }
}

function newImage(disk: Disk, path: string): void {
  const [first = ''] = parseLoaderEntry(path, disk.recorded(path) ?? '').initrds
  const [now = ''] = parseLoaderEntry(path, disk.read(path) ?? '').initrds
  const inside = initramfsInputs(disk, 'dracut')
  const name = inside === '' ? first : `${first}-${inside.length.toString(16)}`
  const bytes = `${disk.recorded(`${partition(path)}${first}`) ?? ''}${inside}`
  disk.remove(`${partition(path)}${now}`)
  disk.write(`${partition(path)}${name}`, bytes)
  disk.write(path, (disk.read(path) ?? '').replace(`initrd ${now}`, `initrd ${name}`))
}
