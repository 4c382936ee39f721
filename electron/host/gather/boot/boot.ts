import type { Host } from '#host/host.ts'
import { readWord } from '#host/read.ts'
import { EARLY_BIND_NOTE } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type BootSigns, gatherBootSigns } from './boot-signs.ts'
import { findInitramfs, initramfsOutputs } from './initramfs.ts'
import { findLoaders } from './loaders.ts'
import { gatherNextImage } from './next-image.ts'

/** Gathers which boot loader and initramfs tool are in charge, by what lies on the disk, and what boots by default. */
export async function gatherBoot(host: Host): Promise<Facts['boot']> {
  const signs = await gatherBootSigns(host)
  const loaders = findLoaders(signs)
  const mounts = (await readWord(host, '/proc/self/mounts')) ?? ''
  return {
    firmware: signs.uefi ? 'uefi' : 'bios',
    loaders,
    initramfs: await findInitramfs(host, signs, loaders),
    images: await initramfsOutputs(host, signs, loaders),
    closed: closedTo(signs),
    readOnlyRoot: !signs.ostree && !signs.nixos && /^\S+ \/ \S+ ro\b/mu.test(mounts),
    nextImage: await gatherNextImage(host, loaders),
    earlyBind: await readWord(host, EARLY_BIND_NOTE),
  }
}

/** Returns what of the menu was there to be seen but not to be read. */
function closedTo({ closed, closedUkis, grubConfigs }: BootSigns): string[] {
  return [...closed, ...closedUkis, ...grubConfigs.filter(({ text }) => isUnknown(text)).map(({ path }) => path)]
}
