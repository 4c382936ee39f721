import { DATA_DIRECTORY, OWN_FILES, VM_SERVICE } from '../base/own-files.ts'
import { placedImage } from '../vm/options/disk-place.ts'
import type { Change, ChangeKind } from './change.ts'

const BELOW_VM = new RegExp(`^${DATA_DIRECTORY}/vms/([^/]+)(?:/|$)`, 'u')

/** Returns the VM whose own files a change makes; null: it is about the host or the card, which all VMs share. */
export function vmOfChange(change: Change): string | null {
  const place = placeOf(change) ?? ''
  if (change.kind === 'create-disk-image' && change.place !== undefined) return placedImage(place)?.vm ?? null
  return (
    [BELOW_VM, ...Object.values(VM_SERVICE)]
      .map((pattern) => pattern.exec(place)?.[1])
      .find((name) => name !== undefined) ?? null
  )
}

/** Kinds whose `path` is a file that they make or take away. */
const OWN_PATH = new Set<ChangeKind>([
  ...(['write-file', 'create-disk-image', 'copy-firmware-vars'] as const),
  ...(['make-answer-disc', 'remove-answer-disc'] as const),
])

function placeOf(change: Change): string | null {
  if (change.kind === 'build-proof-guest') return change.directory
  return OWN_PATH.has(change.kind) && 'path' in change ? change.path : null
}

/**
 * Returns whether undo of a step takes this change back when it is asked for one VM. `vm` null: for all. A TPM that runs
 * would lose its state with the rules that all VMs share.
 */
export function concernsVm(change: Change, vm: string | null): boolean {
  if (vm !== null && placeOf(change) === OWN_FILES.swtpmRules) return false
  const owner = vmOfChange(change)
  return vm === null || owner === null || owner === vm
}
