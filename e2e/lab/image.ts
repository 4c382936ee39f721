import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { execa } from 'execa'

const RECIPE = join(import.meta.dirname, 'image')

export function labCache(): string {
  const base = env['XDG_CACHE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'passthrough-studio')
}

type Loader = 'grub-pc' | 'grub-efi' | 'systemd-boot' | 'uki-kernel-install' | 'uki-dracut'
const INITRAMFS = ['initramfs-tools', 'dracut'] as const

/**
 * What is installed: a workstation with all that the window needs, the same with netplan, the same with a login screen
 * on its card, the same with SELinux enforcing, or one pair of the matrix and nothing else.
 */
export type Flavour = 'workstation' | 'network' | 'desktop' | 'selinux' | Pair
export type Pair = { loader: Loader; initramfs: (typeof INITRAMFS)[number] }

/** What Debian packages, and so can be booted. Unified kernel images are those of Debian 13, whose systemd has ukify. */
export const PAIRS: readonly Pair[] = [
  ...(['grub-pc', 'grub-efi', 'systemd-boot'] as const).flatMap((loader) =>
    INITRAMFS.map((initramfs): Pair => ({ loader, initramfs })),
  ),
  { loader: 'uki-kernel-install', initramfs: 'initramfs-tools' },
  { loader: 'uki-dracut', initramfs: 'dracut' },
]

/** `workstation` or `grub-efi+dracut`. */
export function flavourName(flavour: Flavour): string {
  return typeof flavour === 'string' ? flavour : `${flavour.loader}+${flavour.initramfs}`
}

/** Path of a flavour's image, built when the recipe changed or the cache is empty (two to four minutes). */
export async function labImage(flavour: Flavour): Promise<string> {
  const name = flavourName(flavour)
  const digest = createHash('sha256')
  for (const file of (await readdir(RECIPE)).sort()) digest.update(await readFile(join(RECIPE, file)))
  const directory = join(labCache(), 'lab')
  const image = join(directory, `${name}-${digest.digest('hex').slice(0, 12)}.raw`)
  if (existsSync(image)) return image
  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, 'build-'))
  try {
    const disk = join(work, 'disk.raw')
    // The build mounts /proc, /sys and /dev below `work`. In a namespace of its own those mounts end with it, so that
    // a build that was killed leaves none for the removal below to walk into, as root.
    await execa('unshare', ['--mount', join(RECIPE, 'build.sh'), disk, work, ...name.split('+')])
    await rename(disk, image)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return image
}
