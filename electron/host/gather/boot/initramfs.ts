import type { Host } from '#host/host.ts'
import { parsed } from '#host/parse/entry-order.ts'
import { beforeRecorded, listOrEmpty } from '#host/probe/listed.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { partitionOf } from '#shared/facts/boot/loader-entry.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { BootSigns } from './boot-signs.ts'

type Found = Facts['boot']['initramfs']

/**
 * Finds which tools can build the initramfs. Where a deployment tool runs dracut itself, that tool is the one to ask.
 */
export async function findInitramfs(host: Host, signs: BootSigns, loaders: readonly FoundLoader[]): Promise<Found> {
  const tools = await installed(host, signs)
  const manager = (['rpm-ostree', 'sdbootutil'] as const).find((id) => loaders[0]?.id === id)
  const maker = loaders[0] === undefined ? undefined : UNIFIED_MAKERS[loaders[0].id]
  if (maker !== undefined) return tools.filter(({ id }) => id === maker)
  const dracut = tools.find((tool) => tool.id === 'dracut')
  if (manager === undefined || dracut === undefined) return manager === undefined ? tools : []
  return [{ ...dracut, id: manager, evidence: `${dracut.evidence}, and ${manager} runs it` }]
}

/** Whatever else is installed, this makes the unified image that boots. */
const UNIFIED_MAKERS: Readonly<Partial<Record<FoundLoader['id'], InitramfsId>>> = {
  uki: 'mkinitcpio',
  'uki-dracut': 'dracut',
}

async function installed(host: Host, signs: BootSigns): Promise<Found> {
  const there = async (path: string) => (await host.list(path)).kind === 'names'
  const found: Found = []
  const dracut = (await there('/etc/dracut.conf.d')) && (await host.has('dracut'))
  const debian = (await there('/etc/initramfs-tools')) && (await host.has('update-initramfs'))
  // Removing initramfs-tools leaves its configuration behind, and other packages leave hooks for it.
  if (debian && (!dracut || ((await there('/usr/share/initramfs-tools')) && !(await isDracuts(host)))))
    found.push({ ...READS_ALL, id: 'initramfs-tools', evidence: '/etc/initramfs-tools and update-initramfs exist' })
  if (dracut) found.push({ ...READS_ALL, id: 'dracut', evidence: '/etc/dracut.conf.d and dracut exist' })
  const arch = (await host.read(OWN_FILES.mkinitcpioConf)).kind === 'text'
  if (arch && (await host.has('mkinitcpio')))
    found.push(mkinitcpio(signs.presets, await there('/etc/mkinitcpio.conf.d')))
  return found
}

/** Ubuntu's dracut brings an update-initramfs of its own, a script that calls it. */
async function isDracuts(host: Host): Promise<boolean> {
  const script = await beforeRecorded(() => host.read('/usr/sbin/update-initramfs'), { kind: 'absent' })
  return script.kind === 'text' && /\bdracut\b/u.test(script.text)
}

const READS_ALL = { dropIns: true, elsewhere: [] }

/**
 * mkinitcpio reads its directory of drop-ins (since version 36) only where it is not told which configuration to go by,
 * with -c; presets made before 2023 name it, and pacman leaves those as they are (mkinitcpio(8), presets).
 */
function mkinitcpio(presets: string, directory: boolean): Found[number] {
  const named = [...presets.matchAll(/^[ \t]*\w+_config=["']?([^"'\s#]+)/gmu)].map(([, path = '']) => path)
  const elsewhere = [...new Set(named)].filter((path) => path !== OWN_FILES.mkinitcpioConf)
  const dropIns = directory && named.length === 0
  const file = dropIns ? `${OWN_FILES.mkinitcpioConf}, /etc/mkinitcpio.conf.d` : OWN_FILES.mkinitcpioConf
  const told = named.length === 0 ? '' : `; a preset in /etc/mkinitcpio.d names ${[...new Set(named)].join(' and ')}`
  return { id: 'mkinitcpio', evidence: `${file} and mkinitcpio exist${told}`, dropIns, elsewhere }
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
  // Told to make unified images, dracut would make one of each that it is given; those in /boot do not start this host.
  const unified = loaders.find(({ id }) => id === 'uki-dracut')
  if (unified !== undefined) return unified.files
  const copies = loaders.flatMap((loader) => copiesOf(loader, signs))
  return [...new Set([...names.map((name) => `/boot/${name}`), ...copies])]
}

function copiesOf({ id, files }: FoundLoader, signs: BootSigns): string[] {
  if (id === 'uki' || id === 'uki-kernel-install') return files
  if (id !== 'kernel-install' && id !== 'kernelstub') return []
  const initrds = parsed(signs.entries.filter(({ path }) => files.includes(path))).flatMap(({ path, entry }) =>
    entry.initrds.map((initrd) => `${partitionOf(path)}${initrd}`),
  )
  return [...initrds, ...files.filter((path) => path.includes('/loader/entries/'))]
}
