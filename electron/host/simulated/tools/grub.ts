import { defaultGrubEntry } from '#host/parse/grub-cfg.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { formatKernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { Disk } from './disk.ts'

/**
 * grub-mkconfig: the recorded menu with the arguments of the defaults file and Debian's drop-ins, and at the end
 * what our script in /etc/grub.d prints. All entries of a recorded menu have the same arguments.
 */
export function renderGrubMenu(disk: Disk, path: string): void {
  const recorded = disk.recorded(path) ?? ''
  const entry = defaultGrubEntry({ path, text: recorded, env: {}, entries: [] })
  if (isUnknown(entry)) return
  const settings = [OWN_FILES.grubDefaults, OWN_FILES.grubDropIn].map((file) => disk.read(file) ?? '').join('\n')
  const root = parseKernelArgs(entry.cmdline).filter((token) => /^(root=|ro$|rw$)/u.test(token))
  const gone = new Set([...settings.matchAll(/'s\/ (\S+) \/ \/'/gu)].map(([, word = '']) => word.replaceAll('\\', '')))
  const added = ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'].flatMap((name) => shellValues(settings, name))
  const line = [...root, ...added.filter((word) => !gone.has(word))]
  const menu = recorded.replaceAll(entry.cmdline, formatKernelArgs(line))
  disk.write(path, `${menu}${printedBy(disk.read(OWN_FILES.grubRescue))}`)
}

/** Returns what the script prints: itself from behind its marker on. */
function printedBy(script: string | null): string {
  if (script === null) return ''
  return `### BEGIN ${OWN_FILES.grubRescue} ###\n${script.slice(script.indexOf('# entry\n') + '# entry\n'.length)}`
}

/** Values given to NAME in a shell-style file; a reference to the variable itself is left out. */
function shellValues(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^${name}="([^"]*)"`, 'gmu'))].flatMap((match) => [
    ...parseKernelArgs((match[1] ?? '').replaceAll(`$${name}`, '')),
  ])
}
