import { z } from 'zod'
import { NO_PROOFS, proofs } from '#shared/facts/proofs.ts'
import { choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { stored, storedStepId } from '#shared/wizard/former-names.ts'
import { savedVm } from '#shared/wizard/saved-vm.ts'

/** A reboot is due: after what, and which boot it was asked in. */
export const pendingReboot = z.strictObject({
  step: storedStepId,
  boot: z.string(),
  after: z.enum(['apply', 'undo']),
})

/** What the app remembers between two starts. */
export const savedState = z.strictObject({
  version: z.literal(1),
  choices: stored(choices),
  proofs: stored(proofs),
  /** VMs that are not selected; older files have none. */
  others: z.array(stored(savedVm)).default([]),
  pending: pendingReboot.nullable(),
})
export type SavedState = z.infer<typeof savedState>

export const FRESH_STATE: SavedState = {
  version: 1,
  choices: DEFAULT_CHOICES,
  proofs: NO_PROOFS,
  others: [],
  pending: null,
}
