import { OWN_FILES, RUN_DIRECTORY } from '#shared/base/own-files.ts'
import type { System, ToolRun } from '#shared/base/system.ts'
import { formatKernelArgs, type KernelArgs, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Before } from '#shared/plan/journal-lines.ts'

/** Where kernel-install has its configuration, in the order in which it looks (kernel-install(8)). */
const PLACES = ['/etc/kernel', '/usr/lib/kernel']
const NAMES = ['install.conf', 'entry-token', 'tries', 'uki.conf', 'devicetree']
/** For the time of an undo; a boot empties it. */
const CONF_ROOT = `${RUN_DIRECTORY}/kernel`
const FILE = { mode: 0o644, uid: 0, gid: 0 }

/** What the journal keeps of an edit of /etc/kernel/cmdline that made the file: words added and taken out; else nothing. */
export function argumentsOf({ recipe }: ChangeOf<'write-file'>): Before['values'] {
  if (recipe?.of !== 'kernel-cmdline') return {}
  const { args, remove = [] } = recipe
  return { added: formatKernelArgs(args), taken: formatKernelArgs(remove) }
}

/**
 * Where no file names the arguments of the kernel, kernel-install takes those that run now, ours among them. Returns what
 * has it take those without, once /etc/kernel/cmdline, which one of `undone` had made, is gone again: a copy of its
 * configuration beside them (KERNEL_INSTALL_CONF_ROOT; also for a hook that calls it). Nothing where a file names them.
 */
export async function formerArguments(
  system: System,
  undone: readonly JournalEntry[],
): Promise<ToolRun['environment']> {
  const edits = undone.filter(({ change }) => change.kind === 'write-file' && change.path === OWN_FILES.kernelCmdline)
  const words = (name: string) => edits.flatMap(({ before }) => parseKernelArgs(before.values[name] ?? ''))
  const [added, taken] = [words('added'), words('taken')]
  if (added.length + taken.length === 0) return {}
  for (const place of PLACES) if ((await system.state(`${place}/cmdline`)) !== null) return {}
  const kept = (await runningArguments(system)).filter((word) => !added.includes(word))
  await system.makeDirectory(RUN_DIRECTORY, { ...FILE, mode: 0o755 })
  await system.makeDirectory(CONF_ROOT, { ...FILE, mode: 0o755 })
  for (const name of NAMES) await copied(system, name)
  const former = [...kept, ...taken.filter((word) => !kept.includes(word))]
  await system.writeAtomic(`${CONF_ROOT}/cmdline`, new TextEncoder().encode(`${formatKernelArgs(former)}\n`), FILE)
  return { KERNEL_INSTALL_CONF_ROOT: CONF_ROOT }
}

async function runningArguments(system: System): Promise<KernelArgs> {
  const found = await system.read('/proc/cmdline')
  const words = found.kind === 'text' ? parseKernelArgs(found.text) : []
  return words.filter((word) => !/^(?:BOOT_IMAGE|initrd)=/u.test(word))
}

async function copied(system: System, name: string): Promise<void> {
  for (const place of PLACES) {
    const bytes = await system.bytes(`${place}/${name}`)
    if (bytes === null) continue
    await system.writeAtomic(`${CONF_ROOT}/${name}`, bytes, FILE)
    return
  }
  if ((await system.state(`${CONF_ROOT}/${name}`)) !== null) await system.remove(`${CONF_ROOT}/${name}`)
}
