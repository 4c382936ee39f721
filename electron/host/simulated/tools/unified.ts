import { parseUnifiedImage, UNIFIED_IMAGE, type UnifiedImage } from '#shared/facts/boot/unified-image.ts'
import { formatKernelArgs, type KernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { type Disk, existing, initramfsInputs } from './disk.ts'

const NOTHING: UnifiedImage = {
  cmdline: null,
  uname: null,
  osrel: null,
  initrd: { offset: 0, bytes: 1 },
  signed: false,
}

/** The text of a simulated image: what it says of itself, and behind that what its initramfs was made of. */
export function unifiedText(about: Partial<UnifiedImage>, inside = ''): string {
  return `${JSON.stringify({ ...NOTHING, ...about })}\n${inside}`
}

/** Writes an image anew; kernel and system stay what they were. */
export function writeUnified(
  disk: Disk,
  path: string,
  about: Pick<UnifiedImage, 'cmdline' | 'signed'>,
  inside: string,
): void {
  const { uname, osrel } = parseUnifiedImage(disk.read(path) ?? '') ?? NOTHING
  disk.write(path, unifiedText({ uname, osrel, ...about }, inside))
}

/** 60-ukify.install: the image of a kernel; the machine's id joins where the image is named by it. */
export function installUnified(disk: Disk, release: string, args: KernelArgs): void {
  const signed = existing(disk, /^\/(?:etc|usr\/lib)\/kernel\/install\.d\/91-sbctl\.install$/u).length > 0
  for (const path of existing(disk, UNIFIED_IMAGE).filter((image) => image.includes(`-${release}`))) {
    const token = /\/([0-9a-f]{32})-[^/]*$/u.exec(path)?.[1]
    const named = token === undefined ? [] : [`systemd.machine_id=${token}`]
    const inside = disk.read(`/boot/initrd.img-${release}`) ?? initramfsInputs(disk, 'dracut')
    writeUnified(disk, path, { cmdline: formatKernelArgs([...args, ...named]), signed }, inside)
  }
}

/** `dracut -f IMAGE KERNEL` where the image is a unified one. */
export function isUnifiedBuild(args: readonly string[]): boolean {
  return args.some((arg) => UNIFIED_IMAGE.test(arg))
}

/** dracut with uefi=yes: the setting kernel_cmdline of all its files, or else what runs now (dracut.conf(5)). */
export function dracutUnified(disk: Disk, args: readonly string[], running: string): void {
  const path = args.find((arg) => UNIFIED_IMAGE.test(arg)) ?? ''
  const texts = existing(disk, /^\/etc\/dracut\.conf\.d\/[^/]+\.conf$/u).map((file) => disk.read(file) ?? '')
  const setting = texts.flatMap((text) => text.split('\n')).reduce(assigned, '')
  const cmdline = formatKernelArgs(parseKernelArgs(setting.trim() === '' ? running : setting))
  const signed = texts.some((text) => /^uefi_secureboot_key=/mu.test(text))
  writeUnified(disk, path, { cmdline, signed }, initramfsInputs(disk, 'dracut'))
}

/** What bash makes of a line of dracut's configuration. */
function assigned(now: string, line: string): string {
  const [, append, value] = /^kernel_cmdline(\+?)=["'](.*)["']$/u.exec(line) ?? []
  if (value !== undefined) return append === '+' ? now + value : value.replace('$kernel_cmdline', now)
  const taken = /^while \[\[ \$kernel_cmdline == \*" (\S+) "\*/u.exec(line)?.[1]
  return taken === undefined ? now : now.split(` ${taken} `).join(' ')
}
