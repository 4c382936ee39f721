import { defaultGrubEntry, parseGrubEnv } from '#host/parse/grub-cfg.ts'
import { OWN_FILES, RESCUE_ENTRY } from '#shared/base/own-files.ts'
import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { FoundLoader, LoaderId } from '#shared/facts/boot/boot-loader.ts'
import type { BootSigns, TextFile } from './boot-signs.ts'

const BLS = '/boot/loader/entries'

interface Kind {
  id: LoaderId
  evidence: string
  menu: TextFile
}

/** Finds which of GRUB's layouts is here; they exclude each other. */
export function findGrub(signs: BootSigns): FoundLoader | null {
  const kind = kindOf(signs)
  if (kind === null) return null
  const { id, evidence, menu } = kind
  const entries = signs.entries.filter(({ path }) => path.startsWith(`${BLS}/`))
  const hidden = id === 'grubby' ? signs.closed.find((path) => path.startsWith(BLS)) : undefined
  const defaultEntry =
    hidden !== undefined
      ? unknownBecause(`${hidden} can be read by root only`)
      : isUnknown(menu.text)
        ? menu.text
        : defaultGrubEntry({ path: menu.path, text: menu.text ?? '', env: parseGrubEnv(signs.grubEnv), entries })
  return { id, evidence, defaultEntry, files: id === 'grubby' ? grubbyFiles(signs, menu.path) : [menu.path] }
}

/**
 * Returns what grubby may write: entries, GRUB's environment block, and the files new entries are made from
 * (grubby(8)).
 */
function grubbyFiles(signs: BootSigns, menu: string): string[] {
  const entries = signs.entries
    .map(({ path }) => path)
    .filter((path) => path.startsWith(BLS) && !path.endsWith(RESCUE_ENTRY))
  return [...entries, signs.grubEnvPath, OWN_FILES.kernelCmdline, OWN_FILES.grubDefaults, menu]
}

function kindOf(signs: BootSigns): Kind | null {
  const at = (place: string) => signs.grubConfigs.find(({ path, text }) => text !== null && path.startsWith(place))
  const [grub, grub2, efi] = [at('/boot/grub/'), at('/boot/grub2/'), at('/boot/efi/')]
  return (
    debianOrArch(signs, grub) ??
    bls(signs, grub2 ?? (isWholeMenu(efi) ? efi : undefined)) ??
    older(signs, signs.uefi && isWholeMenu(efi) ? efi : grub2)
  )
}

/** Fedora's stub on the ESP only points to the real menu and must never be written. */
function isWholeMenu(file: TextFile | undefined): boolean {
  return typeof file?.text === 'string' && /^(menuentry |blscfg$)/mu.test(file.text)
}

/** Debian patches grub-mkconfig to source /etc/default/grub.d; an update-grub alone (Manjaro has one) does not tell. */
function debianOrArch({ grubDefaults, grubMkconfig, tools }: BootSigns, menu: TextFile | undefined): Kind | null {
  if (grubDefaults === null || menu === undefined) return null
  const dropIns = grubMkconfig === null || /default\/grub\.d/u.test(grubMkconfig)
  if (tools.has('update-grub') && dropIns)
    return { id: 'grub-debian', evidence: '/etc/default/grub, /boot/grub/grub.cfg and update-grub exist', menu }
  if (!tools.has('grub-mkconfig')) return null
  return { id: 'grub-arch', evidence: '/etc/default/grub, /boot/grub/grub.cfg and grub-mkconfig exist', menu }
}

function bls({ tools, entries, closed }: BootSigns, menu: TextFile | undefined): Kind | null {
  const some = [...entries.map(({ path }) => path), ...closed].find((path) => path.startsWith(BLS))
  if (menu === undefined || some === undefined || !tools.has('grubby')) return null
  return { id: 'grubby', evidence: `${menu.path}, grubby and ${some} exist`, menu }
}

/** openSUSE's defaults file has GRUB_CMDLINE_LINUX_DEFAULT, RHEL 7's has not. */
function older({ grubDefaults, tools, entries, closed }: BootSigns, menu: TextFile | undefined): Kind | null {
  const some = [...entries.map(({ path }) => path), ...closed].some((path) => path.startsWith(BLS))
  if (menu === undefined || some || typeof grubDefaults !== 'string' || !tools.has('grub2-mkconfig')) return null
  const suse = /^GRUB_CMDLINE_LINUX_DEFAULT=/mu.test(grubDefaults)
  const evidence = `/etc/default/grub${suse ? ' with GRUB_CMDLINE_LINUX_DEFAULT' : ''} and ${menu.path} exist, no ${BLS}`
  return { id: suse ? 'grub2-suse' : 'grub2-rhel7', evidence, menu }
}
