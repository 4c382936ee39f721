import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Tool } from '#shared/base/system.ts'
import { parseCmdlineFile } from '#shared/facts/boot/loader-entry.ts'
import { UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import { formatKernelArgs } from '#shared/facts/kernel-args.ts'
import { type Disk, existing } from './disk.ts'
import { writeUnified } from './unified.ts'

const RULE = OWN_FILES.earlyScript.slice(1)
const IN_BOOT = /^\/boot\/(initrd\.img-|initrd-|initramfs-)[^/]*$/u
const ELSEWHERE = /^\/(boot|efi|boot\/efi|boot\/ostree)\/.+\/(initrd|initramfs)[^/]*$/u

/** Images that lie in /boot, as the tool of the distribution names them. */
export function imagesOf(disk: Disk): string[] {
  return existing(disk, IN_BOOT).filter((path) => !/kdump|rescue/u.test(path))
}

export function buildImages(disk: Disk, inputs: string): void {
  for (const path of imagesOf(disk)) disk.write(path, `${disk.recorded(path) ?? ''}${inputs}`)
}

/** mkinitcpio -P: images, and unified images of /etc/kernel/cmdline, or else of /etc/cmdline.d. */
export function mkinitcpio(disk: Disk): void {
  const inputs = mkinitcpioInputs(disk)
  buildImages(disk, inputs)
  const dropIns = existing(disk, /^\/etc\/cmdline\.d\/[^/]+\.conf$/u).map((path) => disk.read(path) ?? '')
  const cmdline = parseCmdlineFile(disk.read(OWN_FILES.kernelCmdline) ?? dropIns.join('\n'))
  const signed = existing(disk, /^\/(?:etc|usr\/lib)\/initcpio\/post\/sbctl$/u).length > 0
  for (const path of existing(disk, UNIFIED_IMAGE))
    writeUnified(disk, path, { cmdline: formatKernelArgs(cmdline), signed }, inputs)
}

/**
 * It goes by its drop-ins only where no preset names a configuration (mkinitcpio(8), -c), takes the modules that are
 * listed there, and what our hook adds only where that is among the hooks.
 */
function mkinitcpioInputs(disk: Disk): string {
  const presets = existing(disk, /^\/etc\/mkinitcpio\.d\/[^/]+\.preset$/u).map((path) => disk.read(path) ?? '')
  const named = presets.flatMap((text) => [...text.matchAll(/^\w+_config="?([^"\s]+)/gmu)].map(([, path = '']) => path))
  const dropIns = existing(disk, /^\/etc\/mkinitcpio\.conf\.d\/[^/]+\.conf$/u)
  const settings = (named.length > 0 ? named : [OWN_FILES.mkinitcpioConf, ...dropIns]).map(
    (path) => disk.read(path) ?? '',
  )
  const modules = settings.flatMap((text) => text.match(/^MODULES=.*vfio_pci.*$/mu) ?? [])
  const hooked = settings.some((text) => /^HOOKS\+?=\(.*passthrough-studio.*\)$/mu.test(text))
  const added = [OWN_FILES.earlyScript, OWN_FILES.earlyUnit, OWN_FILES.earlyUnitWant].map(
    (path) => disk.read(path) ?? '',
  )
  return [...modules, ...(hooked ? added : [])].join('\n')
}

const LISTERS: ReadonlySet<Tool> = new Set<Tool>(['lsinitramfs', 'lsinitrd', 'lsinitcpio'])

/** What the lister of an initramfs generator prints of an image that was built of these files; null: no such tool. */
export function listing(disk: Disk, tool: Tool, path: string): string | null {
  if (!LISTERS.has(tool)) return null
  const image = disk.read(path)
  if (image === null) return ''
  const names = ['init', 'usr/lib/systemd/systemd']
  if (/vfio[-_]pci/u.test(image)) names.push('usr/lib/modules/x/kernel/drivers/vfio/pci/vfio-pci.ko')
  if (/^claim\(\) \{/mu.test(image)) names.push(tool === 'lsinitramfs' ? 'scripts/init-top/passthrough-studio' : RULE)
  return `${names.join('\n')}\n`
}

/** Returns the text of everything that is started as an initramfs. */
export function initramfsText(disk: Disk): string {
  return [IN_BOOT, UNIFIED_IMAGE, ELSEWHERE]
    .flatMap((pattern) => existing(disk, pattern))
    .map((path) => disk.read(path) ?? '')
    .join('\n')
}
