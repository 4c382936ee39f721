import { editCmdlineFile, parseLoaderEntry } from '#shared/facts/boot/loader-entry.ts'
import { type ArgsEdit, formatKernelArgs, isRemovable, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import { appendToVariable, takeFromVariables } from './shell-variable.ts'

const VARIABLES = ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'] as const
const ADDED = /^GRUB_CMDLINE_LINUX_DEFAULT="\$GRUB_CMDLINE_LINUX_DEFAULT ([^"]*)"/mu
const TAKEN = /^# Takes out, wherever it stands: (.*)$/mu

/**
 * GRUB's drop-in on Debian. What an earlier plan put into it (`now`) is kept when another argument joins it. Words that
 * files read before this one have put there are taken out by it, so that no file of anybody else is edited.
 */
export function grubDropIn(now: string, { add, remove }: ArgsEdit): string {
  const before = parseKernelArgs(ADDED.exec(now)?.[1] ?? '')
  const taken = parseKernelArgs(TAKEN.exec(now)?.[1] ?? '').filter(isRemovable)
  const args = [...before, ...add]
  return [
    '# Written by Passthrough Studio, step 3. Remove it with "Undo" there; update-grub then forgets it.',
    ...takingOut([...new Set([...taken, ...remove])]),
    ...(args.length === 0
      ? []
      : [`GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${formatKernelArgs(args)}"`]),
    '',
  ].join('\n')
}

/** sed(1): a word between blanks is taken out as often as it stands there. */
function takingOut(words: readonly string[]): string[] {
  if (words.length === 0) return []
  const edits = words.map((word) => `s/ ${word.replaceAll('.', String.raw`\.`)} / /`)
  const sed = ['sed', '-e', "':again'", ...edits.flatMap((edit) => ['-e', `'${edit}'`, '-e', "'t again'"])].join(' ')
  return [
    `# Takes out, wherever it stands: ${words.join(' ')}`,
    ...VARIABLES.map((name) => `${name}=$(printf '%s\\n' " $${name} " | ${sed})`),
  ]
}

/** /etc/default/grub with words taken out of both variables, and others appended to one. Null: it cannot be extended. */
export function grubDefaults(now: string, variable: string, { add, remove }: ArgsEdit): string | null {
  const taken = takeFromVariables(now, VARIABLES, remove)
  return add.length === 0 ? taken : appendToVariable(taken, variable, add)
}

/** /etc/kernel/cmdline with the edit; where there is none, it is made from what boots now. */
export function kernelCmdline(source: string, from: string | null, edit: ArgsEdit): string {
  return editCmdlineFile(from === null ? source : inherited(source, from), edit)
}

/** kernel-install appends systemd.machine_id= itself (90-loaderentry.install, 60-ukify.install). */
export function inherited(source: string, from: string): string {
  const line = parseLoaderEntry(from, source).options
  return `${formatKernelArgs(parseKernelArgs(line).filter((token) => !token.startsWith('systemd.machine_id=')))}\n`
}
