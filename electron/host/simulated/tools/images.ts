import { OWN_FILES } from '#shared/base/own-files.ts'
import { formatKernelArgs } from '#shared/facts/kernel-args.ts'
import { parseCmdlineFile } from '#shared/facts/loader-entry.ts'
import { type Disk, existing, initramfsInputs } from './disk.ts'

const IN_BOOT = /^\/boot\/(initrd\.img-|initrd-|initramfs-)[^/]*$/u
const UNIFIED = /^\/(boot|efi|boot\/efi)\/EFI\/Linux\/[^/]+\.efi$/u
const ELSEWHERE = /^\/(boot|efi|boot\/efi|boot\/ostree)\/.+\/(initrd|initramfs)[^/]*$/u

/** Images that lie in /boot, as the tool of the distribution names them. */
export function imagesOf(disk: Disk): string[] {
  return existing(disk, IN_BOOT).filter((path) => !/kdump|rescue/u.test(path))
}

export function buildImages(disk: Disk): void {
  for (const path of imagesOf(disk)) disk.write(path, `${disk.recorded(path) ?? ''}${initramfsInputs(disk)}`)
}

/** mkinitcpio -P: images, and unified images with the command line as a section of its own. */
export function mkinitcpio(disk: Disk): void {
  buildImages(disk)
  const cmdline = formatKernelArgs(parseCmdlineFile(disk.read(OWN_FILES.kernelCmdline) ?? ''))
  for (const path of existing(disk, UNIFIED)) disk.write(path, `stub\0${cmdline}\0${initramfsInputs(disk)}`)
}

/** Returns the text of everything that is started as an initramfs. */
export function initramfsText(disk: Disk): string {
  return [IN_BOOT, UNIFIED, ELSEWHERE]
    .flatMap((pattern) => existing(disk, pattern))
    .map((path) => disk.read(path) ?? '')
    .join('\n')
}
