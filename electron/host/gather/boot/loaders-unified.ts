import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { BootEntry, FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import { menuName } from '#shared/facts/boot/loader-entry.ts'
import type { BootSigns } from './boot-signs.ts'
import { startedBy, systemdDefault } from './systemd-default.ts'
import type { UnifiedFile } from './unified-signs.ts'

/**
 * Finds what makes the unified kernel image that boots by default. Null: no such image boots. Where the default is not
 * known, entry files beside the images are looked at first.
 */
export function findUnified(signs: BootSigns): FoundLoader | null {
  if (signs.ukis.length === 0) return null
  const defaultEntry = unifiedDefault(signs)
  if (isUnknown(defaultEntry)) return signs.entries.length > 0 ? null : madeBy(signs, signs.ukis[0], defaultEntry)
  return madeBy(
    signs,
    signs.ukis.find(({ path }) => path === defaultEntry.source),
    defaultEntry,
  )
}

/** Firmware may start an image without any menu; systemd-stub then keeps its path (LoaderImageIdentifier). */
export function startedByFirmware({ loaderInfo, imageIdentifier, ukis }: BootSigns): UnifiedFile | null {
  if (loaderInfo !== null || imageIdentifier === null) return null
  const started = imageIdentifier.slice(imageIdentifier.lastIndexOf('\\') + 1).toLowerCase()
  return ukis.find(({ path }) => path.toLowerCase().endsWith(`/${started}`)) ?? null
}

function unifiedDefault(signs: BootSigns): OrUnknown<BootEntry> {
  const started = startedByFirmware(signs)
  if (started !== null) return startedBy(started, 'firmware')
  const menu = signs.loaderConf !== null || signs.entries.length > 0 || (signs.loaderInfo ?? '').startsWith('systemd-')
  if (menu) return systemdDefault(signs)
  const [only, ...others] = signs.ukis
  return only === undefined || others.length > 0
    ? unknownBecause('several unified kernel images are there, and which of them the firmware starts is not known')
    : startedBy(only, 'firmware')
}

interface Maker {
  id: FoundLoader['id']
  why: string
  /** Images that it makes. */
  files: string[]
  argumentsIn?: string
}

function madeBy(
  signs: BootSigns,
  boots: UnifiedFile | undefined,
  defaultEntry: OrUnknown<BootEntry>,
): FoundLoader | null {
  if (boots === undefined) return null
  for (const maker of [byMkinitcpio(signs), byKernelInstall(signs), byDracut(signs)]) {
    if (maker === null || !maker.files.includes(boots.path)) continue
    const { why, ...found } = maker
    return { ...found, evidence: `${boots.path} exists, and ${why}`, defaultEntry }
  }
  const evidence = `${boots.path} exists, and no preset of mkinitcpio, kernel-install or dracut here says that it makes it`
  return { id: 'uki-foreign', evidence, defaultEntry, files: [] }
}

function byMkinitcpio({ tools, presets, ukis, kernelCmdline, cmdlineFiles }: BootSigns): Maker | null {
  if (!tools.has('mkinitcpio')) return null
  const named = [...presets.matchAll(/^[ \t]*\w+_uki=["']?([^"'\s#]+)/gmu)].map(([, path]) => path)
  const files = ukis.map(({ path }) => path).filter((path) => named.includes(path))
  const why = 'a preset in /etc/mkinitcpio.d builds it'
  const [first] = kernelCmdline === null ? cmdlineFiles : []
  return { id: 'uki', why, files, ...(first === undefined ? {} : { argumentsIn: first }) }
}

/** It names an image by its token and the kernel, and may count boots behind them (90-uki-copy.install). */
function byKernelInstall({ tools, installConf, ukis }: BootSigns): Maker | null {
  const conf = installConf ?? ''
  const generator = /^[ \t]*uki_generator=(\S+)/mu.exec(conf)?.[1] ?? 'ukify'
  if (!tools.has('kernel-install') || !/^[ \t]*layout=uki[ \t]*$/mu.test(conf) || generator !== 'ukify') return null
  const files = ukis.filter(({ path, image: { uname } }) => uname !== null && menuName(path).endsWith(`-${uname}`))
  const why = 'kernel-install makes such images (layout=uki in install.conf)'
  return { id: 'uki-kernel-install', why, files: files.map(({ path }) => path) }
}

/** dracut names an image linux-KERNEL, with the machine's id and a build's behind it (dracut.conf(5), uefi). */
function byDracut({ dracutConf, ukis }: BootSigns): Maker | null {
  const unified = dracutConf.find(({ text }) => /^\s*uefi=["']?yes\b/mu.test(text))
  if (unified === undefined) return null
  const files = ukis.map(({ path }) => path).filter((path) => /\/linux-\d+\.[^/]*\.efi$/u.test(path))
  const setting = dracutConf.findLast(({ text }) => /^\s*kernel_cmdline\+?=/mu.test(text))
  const why = `${unified.path} has dracut make such images`
  return { id: 'uki-dracut', why, files, ...(setting === undefined ? {} : { argumentsIn: setting.path }) }
}
