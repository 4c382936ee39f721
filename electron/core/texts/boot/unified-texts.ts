import {
  type ArgsEdit,
  formatKernelArgs,
  isRemovable,
  type KernelArgs,
  parseKernelArgs,
  withoutArgs,
} from '#shared/facts/kernel-args.ts'
import { inherited } from './boot-texts.ts'

const HEAD = '# Written by Passthrough Studio, step 3. "Undo" there removes it, and has the images built without it.'
const ADDED = /^kernel_cmdline\+=" ([^"]*) "$/mu
const TAKEN = /^# Takes out, wherever it stands: (.*)$/mu

/** A file beside those of which mkinitcpio puts together the command line of an image. */
export function cmdlineDropIn(now: string, add: KernelArgs): string {
  const before = now.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return `${HEAD}\n${formatKernelArgs([...before, ...add])}\n`
}

/**
 * dracut's setting kernel_cmdline, in a file that bash reads behind the others (dracut.conf(5)). `from` null: `source` is
 * what an earlier plan put there, and what others set stays, but for words that are taken out. Else nobody sets it, and
 * `source` is the entry with all arguments that the image has now. Null: bash would read them as something else.
 */
export function dracutCmdline(source: string, from: string | null, edit: ArgsEdit): string | null {
  if (from === null) return added(source, edit)
  const base = withoutArgs(inherited(source, from).trim(), edit.remove)
  const all = formatKernelArgs([...parseKernelArgs(base), ...edit.add])
  return /['\p{Cc}]/u.test(all) ? null : `${HEAD}\nkernel_cmdline='${all}'\n`
}

function added(now: string, { add, remove }: ArgsEdit): string {
  const args = [...parseKernelArgs(ADDED.exec(now)?.[1] ?? ''), ...add]
  const taken = [...new Set([...parseKernelArgs(TAKEN.exec(now)?.[1] ?? '').filter(isRemovable), ...remove])]
  return [
    HEAD,
    ...takingOut(taken),
    ...(args.length === 0 ? [] : [`kernel_cmdline+=" ${formatKernelArgs(args)} "`]),
    '',
  ].join('\n')
}

/** Each word between blanks, as often as it stands there. */
function takingOut(words: readonly string[]): string[] {
  if (words.length === 0) return []
  return [
    `# Takes out, wherever it stands: ${words.join(' ')}`,
    'kernel_cmdline=" $kernel_cmdline "',
    ...words.map(
      (word) =>
        `while [[ $kernel_cmdline == *" ${word} "* ]]; do kernel_cmdline="\${kernel_cmdline/ ${word} / }"; done`,
    ),
  ]
}
