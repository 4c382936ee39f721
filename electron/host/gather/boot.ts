import { listOrEmpty } from '../../../shared/listed.ts'
import type { Facts } from '../../../shared/facts.ts'
import { isUnknown, unknownBecause } from '../../../shared/unknown.ts'
import type { Host } from '../host.ts'
import { EARLY_BIND_NOTE } from '../../../shared/own-files.ts'
import { choosesFirstEntry, parseDefaultEntry } from '../parse/grub-cfg.ts'
import { readText, readWord } from '../read.ts'

const GRUB_CONFIGS: Readonly<Record<string, string>> = {
  'grub-debian': '/boot/grub/grub.cfg',
  'grub2-rhel7': '/boot/grub2/grub.cfg',
}

/** Which boot loader and initramfs tool are in charge, by what lies on the disk, and what boots by default. */
export async function gatherBoot(host: Host): Promise<Facts['boot']> {
  const [efi, loaders, initramfs, images, earlyBind] = await Promise.all([
    host.list('/sys/firmware/efi'),
    detectLoaders(host),
    detectInitramfs(host),
    initramfsImages(host),
    readWord(host, EARLY_BIND_NOTE),
  ])
  const config = GRUB_CONFIGS[loaders[0]?.id ?? '']
  const defaultEntry =
    config === undefined ? unknownBecause('no supported boot loader was found') : await gatherDefaultEntry(host, config)
  return { firmware: efi.kind === 'absent' ? 'bios' : 'uefi', loaders, initramfs, images, defaultEntry, earlyBind }
}

/** Debian's GRUB has update-grub; the RHEL 7 layout has /boot/grub2 and no boot loader specification entries. */
async function detectLoaders(host: Host): Promise<Facts['boot']['loaders']> {
  const [config, updateGrub, mkconfig, grub2, entries] = await Promise.all([
    host.read('/etc/default/grub'),
    host.has('update-grub'),
    host.has('grub2-mkconfig'),
    listOrEmpty(host, '/boot/grub2'),
    listOrEmpty(host, '/boot/loader/entries'),
  ])
  if (config.kind !== 'text') return []
  if (updateGrub) {
    return [{ id: 'grub-debian', evidence: '/etc/default/grub and update-grub exist' }]
  }
  if (mkconfig && grub2.includes('grub.cfg') && entries.length === 0) {
    return [
      { id: 'grub2-rhel7', evidence: '/etc/default/grub and /boot/grub2/grub.cfg exist, no /boot/loader/entries' },
    ]
  }
  return []
}

async function detectInitramfs(host: Host): Promise<Facts['boot']['initramfs']> {
  const [initramfsTools, updateInitramfs, dracutConf, dracut] = await Promise.all([
    host.list('/etc/initramfs-tools'),
    host.has('update-initramfs'),
    host.list('/etc/dracut.conf.d'),
    host.has('dracut'),
  ])
  const found: Facts['boot']['initramfs'] = []
  if (initramfsTools.kind === 'names' && updateInitramfs) {
    found.push({ id: 'initramfs-tools', evidence: '/etc/initramfs-tools and update-initramfs exist' })
  }
  if (dracutConf.kind === 'names' && dracut) {
    found.push({ id: 'dracut', evidence: '/etc/dracut.conf.d and dracut exist' })
  }
  return found
}

async function initramfsImages(host: Host): Promise<string[]> {
  const names = await listOrEmpty(host, '/boot')
  return names
    .filter((name) => /^initrd\.img-/u.test(name) || /^initramfs-.*(?<!kdump)\.img$/u.test(name))
    .filter((name) => !name.includes('rescue') && !/\.(bak|old|new|dpkg-bak)$/u.test(name))
    .map((name) => `/boot/${name}`)
}

async function gatherDefaultEntry(host: Host, path: string): Promise<Facts['boot']['defaultEntry']> {
  const text = await readText(host, path)
  if (isUnknown(text)) return text
  if (text === null) return unknownBecause(`${path} does not exist`)
  if (!choosesFirstEntry(text)) return unknownBecause(`${path} boots another entry than the first by default`)
  return parseDefaultEntry(text, path)
}
