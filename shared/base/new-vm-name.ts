import { vmName } from './vm-name.ts'

/**
 * What this program itself has below /run/passthrough-studio. Earlier versions had the directories of VMs beside it, so
 * that a VM of such a name had one place with root.
 */
const WORDS = new Set(['early-bind', 'guard', 'helper', 'lock', 'logs', 'network-guard', 'set-apart', 'taken', 'vms'])

/** Returns whether a VM's name is a word of this program's own. */
export function isReservedName(name: string): boolean {
  return WORDS.has(name)
}

/** What becomes of a VM that has such a name from an earlier version. */
export const RENAME =
  'In step 8 make a new VM with another name and choose this one’s disk for it; then forget this one.'

/** A name that a VM may be given. An older definition may have another, which `vmName` takes. */
export const newVmName = vmName.refine(
  (name) => !isReservedName(name),
  'this is a word of this program’s own; a VM needs another name',
)
