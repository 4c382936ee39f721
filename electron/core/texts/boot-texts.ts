import { type AddedArg, formatKernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { addToCmdlineFile, parseLoaderEntry } from '#shared/facts/loader-entry.ts'

const ADDED = /\$GRUB_CMDLINE_LINUX_DEFAULT ([^"]*)"/u

/** GRUB's drop-in on Debian. What an earlier plan put into it (`now`) is kept when another argument joins it. */
export function grubDropIn(now: string, args: readonly AddedArg[]): string {
  const before = parseKernelArgs(ADDED.exec(now)?.[1] ?? '').filter((token) => token !== '')
  return [
    '# Written by Passthrough Studio, step 3. Remove it with "Undo" there; update-grub then forgets it.',
    `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${formatKernelArgs([...before, ...args])}"`,
    '',
  ].join('\n')
}

/** /etc/kernel/cmdline with the arguments; where there is none, it is made from what boots now. */
export function kernelCmdline(source: string, from: string | null, args: readonly AddedArg[]): string {
  return addToCmdlineFile(from === null ? source : inherited(source, from), args)
}

/** kernel-install appends systemd.machine_id= itself (90-loaderentry.install). */
function inherited(source: string, from: string): string {
  const line = from === '/proc/cmdline' ? source : parseLoaderEntry(from, source).options
  return `${formatKernelArgs(parseKernelArgs(line).filter((token) => !token.startsWith('systemd.machine_id=')))}\n`
}
