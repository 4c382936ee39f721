import type { Host } from '#host/host.ts'
import { parsed } from '#host/parse/entry-order.ts'
import { listOrEmpty } from '#host/probe/listed.ts'
import type { Facts, FoundLoader } from '#shared/facts/facts.ts'
import type { BootSigns } from './boot-signs.ts'
import { partitionOf } from './loaders.ts'

type Found = Facts['boot']['initramfs']

/**
 * Finds which tools can build the initramfs. Where a deployment tool runs dracut itself, that tool is the one to ask.
 */
export async function findInitramfs(host: Host, loaders: readonly FoundLoader[]): Promise<Found> {
  const tools = await installed(host)
  const manager = (['rpm-ostree', 'sdbootutil'] as const).find((id) => loaders[0]?.id === id)
  const dracut = tools.find((tool) => tool.id === 'dracut')
  if (manager === undefined || dracut === undefined) return manager === undefined ? tools : []
  return [{ id: manager, evidence: `${dracut.evidence}, and ${manager} runs it`, dropIns: true }]
}

async function installed(host: Host): Promise<Found> {
  const there = async (path: string) => (await host.list(path)).kind === 'names'
  const found: Found = []
  const dracut = (await there('/etc/dracut.conf.d')) && (await host.has('dracut'))
  const debian = (await there('/etc/initramfs-tools')) && (await host.has('update-initramfs'))
  // Removing initramfs-tools leaves its configuration behind, and dracut brings an update-initramfs of its own.
  if (debian && (!dracut || (await there('/usr/share/initramfs-tools'))))
    found.push({ id: 'initramfs-tools', evidence: '/etc/initramfs-tools and update-initramfs exist', dropIns: true })
  if (dracut) found.push({ id: 'dracut', evidence: '/etc/dracut.conf.d and dracut exist', dropIns: true })
  const arch = (await host.read('/etc/mkinitcpio.conf')).kind === 'text'
  if (arch && (await host.has('mkinitcpio'))) {
    const dropIns = await there('/etc/mkinitcpio.conf.d')
    const file = dropIns ? '/etc/mkinitcpio.conf, /etc/mkinitcpio.conf.d' : '/etc/mkinitcpio.conf'
    found.push({ id: 'mkinitcpio', evidence: `${file} and mkinitcpio exist`, dropIns })
  }
  return found
}

/** Returns everything an initramfs build writes: images in /boot, and what hooks make of them on the ESP. */
export async function initramfsOutputs(
  host: Host,
  signs: BootSigns,
  loaders: readonly FoundLoader[],
): Promise<string[]> {
  const names = (await listOrEmpty(host, '/boot'))
    .filter((name) => /^initrd(\.img)?-/u.test(name) || /^initramfs-.*\.img$/u.test(name))
    .filter((name) => !/rescue|kdump/u.test(name) && !/\.(bak|old|new|dpkg-bak)$/u.test(name))
  const copies = loaders.flatMap((loader) => copiesOf(loader, signs))
  return [...new Set([...names.map((name) => `/boot/${name}`), ...copies])]
}

function copiesOf({ id, files }: FoundLoader, signs: BootSigns): string[] {
  if (id === 'uki') return signs.ukis.map(({ path }) => path)
  if (id !== 'kernel-install' && id !== 'kernelstub') return []
  const initrds = parsed(signs.entries.filter(({ path }) => files.includes(path))).flatMap(({ path, entry }) =>
    entry.initrds.map((initrd) => `${partitionOf(path)}${initrd}`),
  )
  return [...initrds, ...files.filter((path) => path.includes('/loader/entries/'))]
}
