import type { StepView } from '#shared/ipc/snapshot.ts'
import type { Change, ChangeKind } from '#shared/plan/change.ts'
import { STEP_IDS, type StepId } from '#shared/wizard/step-id.ts'

function count(changes: readonly Change[], kind: ChangeKind): number {
  return changes.filter((change) => change.kind === kind).length
}

function plural(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`
}

const WORDS: readonly [ChangeKind, (number: number) => string][] = [
  ['load-module', () => 'load vfio-pci'],
  ['bind-driver', (number) => `bind ${plural(number, 'function')}`],
  ['write-file', (number) => `write ${plural(number, 'file')}`],
  ['rebuild-initramfs', () => 'rebuild initramfs'],
  ['update-bootloader', () => 'update boot menu'],
  ['kernel-args', () => 'add kernel arguments'],
  ['build-proof-guest', () => 'build the proof guest'],
  ['switch-network', () => 'move the network to the bridge'],
  ['create-tap', (number) => `make ${plural(number, 'tap')}`],
  ['create-disk-image', () => 'create the disk'],
  ['copy-firmware-vars', () => 'copy the UEFI variables'],
  ['grant-device-access', () => 'open the group to its user'],
  ['reserve-huge-pages', () => 'allow huge pages'],
  ['grant-node-access', (number) => `open ${plural(number, 'device')} to its user`],
]

/** The primary button says what it does and to how many things; "Continue" only where nothing changes. */
export function primaryLabel(step: StepView): string {
  const changes = step.plan.changes.map((planned) => planned.change)
  if (changes.length === 0) return 'Continue'
  const parts = WORDS.flatMap(([kind, words]) => {
    const number = count(changes, kind)
    return number === 0 ? [] : [words(number)]
  })
  const sentence = parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** The earliest other step that mends what fails here, where this one has nothing to change; null: none does. */
export function fixStep({ id, findings, plan }: StepView): StepId | null {
  if (plan.changes.length > 0) return null
  const steps = findings.flatMap(({ status, fix }) => (status === 'fail' && fix?.step != null ? [fix.step] : []))
  return STEP_IDS.find((step) => step !== id && steps.includes(step)) ?? null
}
