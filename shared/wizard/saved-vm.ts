import { z } from 'zod'
import { vmProofs } from '../facts/proofs.ts'
import { choices } from './choices.ts'

/** A VM that is not selected: what was chosen for it and what it proved. Card and boot are shared by all VMs. */
export const savedVm = z.strictObject({
  definition: choices.shape.definition,
  network: choices.shape.network,
  launch: choices.shape.launch,
  proofs: vmProofs,
})
export type SavedVm = z.infer<typeof savedVm>
