import { newVmName } from '#shared/base/new-vm-name.ts'
import {
  DATA_DIRECTORY,
  ESP_PLACES,
  OWN_FILES,
  POLKIT_RULES,
  RESCUE_ENTRY,
  VM_SERVICE,
} from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { FileState, System } from '#shared/base/system.ts'
import { GRUB_MENU, INTERFACES_FILE, LOADER_ENTRY } from '#shared/plan/recipe.ts'

const OWN = new Set<string>(Object.values(OWN_FILES))
const VM_FILE = new RegExp(`^${DATA_DIRECTORY}/vms/([^/]+)/(vm\\.json|start-vm\\.sh|host\\.sh)$`, 'u')
const VM_STORAGE = /^(disk[2-4]?\.(qcow2|raw)|vars(-secure)?(-\d{1,5}k)?\.(fd|qcow2))$/u
const FIRMWARE = /^\/usr\/share\/[A-Za-z0-9._+/-]+\.(fd|qcow2)$/u
/** One path component that cannot be `..` or hidden; `ESP` is where its partition may be mounted. */
const NAME = '[A-Za-z0-9][A-Za-z0-9._+~-]*'
const ESP = `(?:${ESP_PLACES.join('|')})`
const IMAGE = /^\/boot\/(initrd\.img-|initrd-|initramfs-)[A-Za-z0-9._+~-]+$/u
const ESP_IMAGE = new RegExp(`^${ESP}/(?:${NAME}/){1,3}(?:initrd|initramfs)[A-Za-z0-9._+~-]*$`, 'u')
const UNIFIED = new RegExp(`^${ESP}/EFI/Linux/${NAME}\\.efi$`, 'u')
const ESP_CMDLINE = new RegExp(`^${ESP}/EFI/${NAME}/cmdline$`, 'u')
const GRUB_ENV = /^\/boot\/efi\/EFI\/(?:centos|redhat|fedora|rocky|almalinux)\/grubenv$/u
const TOOL_FILES = new Set<string>([
  OWN_FILES.grubDefaults,
  OWN_FILES.kernelCmdline,
  '/boot/grub2/grubenv',
  '/etc/kernelstub/configuration',
])
const KERNEL = new RegExp(`^/boot/vmlinuz-${NAME}$|^/(?:usr/)?lib/modules/${NAME}/vmlinuz$`, 'u')

function refuse(path: string, why: string): never {
  throw new ProblemError('refused', `${path} is not changed: ${why}.`, {
    hint: 'Nothing was done. The list of files is in docs/SECURITY.md.',
  })
}

/** The compiled-in allow-list for write-file. Boot loader entries may be edited; the only new one is our rescue entry. */
export function assertOwnFile(path: string, exists: boolean): void {
  if (LOADER_ENTRY.test(path) && (exists || path.endsWith(`/${RESCUE_ENTRY}`))) return
  const machine = [VM_FILE, ...Object.values(VM_SERVICE)]
    .map((pattern) => pattern.exec(path)?.[1])
    .find((name) => name !== undefined)
  if (OWN.has(path) || INTERFACES_FILE.test(path) || (machine !== undefined && newVmName.safeParse(machine).success))
    return
  refuse(path, 'it is not one of the files of this program')
}

export function assertVmDirectory(path: string): void {
  const prefix = `${DATA_DIRECTORY}/vms/`
  if (path.startsWith(prefix) && newVmName.safeParse(path.slice(prefix.length)).success) return
  refuse(path, 'it is not the directory of a VM')
}

/** A VM's own disk image or firmware variables: fixed names in its directory. */
export function assertVmStorage(path: string): void {
  const [, machine, file] = /^(.*)\/([^/]+)$/u.exec(path) ?? []
  if (machine === undefined || !VM_STORAGE.test(file ?? '')) refuse(path, 'it is not a disk or variable store of a VM')
  assertVmDirectory(machine)
}

/** The disc that answers Windows' Setup: one fixed name in a VM's directory. Returns that directory. */
export function assertAnswerDisc(path: string): string {
  const [, machine] = /^(.*)\/answers\.iso$/u.exec(path) ?? []
  if (machine === undefined) refuse(path, 'it is not a disc with answers of a VM')
  assertVmDirectory(machine)
  return machine
}

/** Firmware the distribution installed: a file below /usr/share that only root can have put, or linked, there. */
export async function assertFirmware(system: System, path: string): Promise<void> {
  if (!FIRMWARE.test(path) || path.includes('/../')) refuse(path, 'it is not a firmware file below /usr/share')
  for (const part of [...parentsOf(path), path]) {
    if ((await system.state(part))?.uid !== 0) refuse(path, `${part} does not belong to root`)
  }
}

export function isInitramfsImage(path: string): boolean {
  return IMAGE.test(path)
}

/** What an initramfs build may write: images, unified images, and what hooks leave on the ESP. */
export function assertInitramfsOutput(path: string): void {
  if ([IMAGE, ESP_IMAGE, UNIFIED, LOADER_ENTRY].some((pattern) => pattern.test(path))) return
  refuse(path, 'it is nothing that building an initramfs writes')
}

export function assertBootMenu(path: string): void {
  if ([GRUB_MENU, LOADER_ENTRY, ESP_IMAGE, UNIFIED].some((pattern) => pattern.test(path))) return
  refuse(path, 'it is not a boot menu')
}

export function assertGrubMenu(path: string): void {
  if (!GRUB_MENU.test(path)) refuse(path, 'it is not a menu of GRUB')
}

/** What grubby and kernelstub write. */
export function assertArgumentFile(path: string): void {
  if (TOOL_FILES.has(path) || [GRUB_MENU, GRUB_ENV, LOADER_ENTRY, ESP_CMDLINE].some((pattern) => pattern.test(path)))
    return
  refuse(path, 'it is no file that holds kernel arguments')
}

export function assertKernelImage(path: string): void {
  if (!KERNEL.test(path)) refuse(path, 'it is not a kernel image')
}

/** Every directory above `path`, outermost first, without '/'. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}

/** Refuses a path that is, or lies below, a symbolic link, and one below a directory that others than root may change. */
export async function assertNoSymlink(system: System, path: string): Promise<void> {
  for (const part of [...parentsOf(path), path]) {
    const state = await system.state(part)
    if (state?.kind === 'symlink') refuse(path, `${part} is a symbolic link`)
    if (state === null || part === path) continue
    if (state.uid !== 0 && !(await isPolkits(system, part, state.uid))) refuse(path, `${part} does not belong to root`)
    if (othersReplace(state)) refuse(path, `others than root may write to ${part}`)
  }
}

/**
 * Distributions give the directory of polkit's rules to polkit's own user, so that nobody else reads them. Whoever is that
 * user decides about every action anyway.
 */
async function isPolkits(system: System, directory: string, uid: number): Promise<boolean> {
  if (directory !== POLKIT_RULES) return false
  const accounts = await system.read('/etc/passwd')
  return accounts.kind === 'text' && new RegExp(`^polkitd?:[^:]*:${uid}:`, 'mu').test(accounts.text)
}

/** Who may write to a directory may rename and remove what is in it, unless it is sticky as /tmp is (inode(7)). */
function othersReplace({ mode, gid }: FileState): boolean {
  const writable = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0)
  return writable && (mode & 0o1000) === 0
}

/** Makes the missing directories above `path` and names them, outermost first. */
export async function missingParents(system: System, path: string): Promise<string[]> {
  const missing: string[] = []
  for (const parent of parentsOf(path)) {
    if ((await system.state(parent)) === null) missing.push(parent)
  }
  return missing
}
