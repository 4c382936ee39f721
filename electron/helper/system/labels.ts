import { toolText } from '#host/exec/tool-text.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'

/** There where SELinux runs, whether it enforces its policy or only tells (selinuxfs). */
const SELINUX = '/sys/fs/selinux/enforce'
/** user:role:type, and a range where the policy has any. */
const LABEL = /^[^:\s]+:[^:\s]+:[^:\s]+(?::\S+)?$/u

type Labelling = Pick<System, 'read' | 'run'>

/** Returns SELinux's label of a file; null: it has none, is not there, or this host is without SELinux. */
export async function labelOf(system: Labelling, path: string): Promise<string | null> {
  if (!(await hasSelinux(system))) return null
  const said = await toolText(system, 'stat', ['--format=%C', '--', path])
  const label = said === null || isUnknown(said) ? '' : said.trim()
  return LABEL.test(label) ? label : null
}

/**
 * Gives a file this label. False: it cannot have it, as where the policy has lost the type since, or the filesystem
 * (an ESP) has one label for all.
 */
export async function setLabel(system: Labelling, path: string, label: string): Promise<boolean> {
  if ((await labelOf(system, path)) === label) return true
  const said = await toolText(system, 'chcon', ['--', label, path])
  return said !== null && !isUnknown(said)
}

/**
 * Gives what was made anew the label that the policy has for its path. A file is made under another name, so it has
 * that of its directory until then. Where that cannot be changed it stays so.
 */
export async function labelAsPolicySays(system: Labelling, path: string): Promise<void> {
  if (await hasSelinux(system)) await toolText(system, 'restorecon', ['-F', '--', path])
}

async function hasSelinux(system: Labelling): Promise<boolean> {
  return (await system.read(SELINUX)).kind === 'text'
}
