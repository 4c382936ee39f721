import { z } from 'zod'
import { baseline } from './baseline.ts'
import { guestReport } from './guest-report.ts'

const seenConnectors = z.strictObject({
  at: z.string(),
  address: z.string(),
  list: z.array(z.strictObject({ name: z.string(), connected: z.boolean() })),
})

/** QEMU opened these functions of a unit through VFIO and ended again, in the boot with this id; no guest ran. */
const vfioOpen = z.strictObject({
  at: z.string(),
  boot: z.string(),
  functions: z.array(z.string()),
  opened: z.boolean(),
  said: z.string(),
})
export type VfioOpen = z.infer<typeof vfioOpen>

/** Earlier versions kept those of one card. */
function listOf(value: unknown): unknown {
  return value === undefined || Array.isArray(value) ? value : [value]
}

/** What was measured by acting, not by reading: each with the moment it was seen. */
export const proofs = z.strictObject({
  dryStart: z.strictObject({ at: z.string(), argv: z.string(), accepted: z.boolean(), said: z.string() }).nullable(),
  guestReport: guestReport.nullable(),
  /** The last opening of each unit. */
  vfioOpen: z.preprocess(listOf, z.array(vfioOpen)).default([]),
  /** What the host was when a guest last proved the card. */
  baseline: baseline.optional(),
  /** Connectors of cards when a driver of the host last had them: with vfio-pci nobody can read them. */
  connectors: z.preprocess(listOf, z.array(seenConnectors)).default([]),
})
export type Proofs = z.infer<typeof proofs>

/** What was measured of one VM; the rest is about the card, which all VMs take in turn. */
export const vmProofs = proofs.pick({ dryStart: true, guestReport: true, baseline: true })
export type VmProofs = z.infer<typeof vmProofs>

/** Nothing was measured of a VM yet. */
export const NO_VM_PROOFS = { dryStart: null, guestReport: null } as const satisfies VmProofs

/** Nothing was measured yet. */
export const NO_PROOFS: Proofs = { ...NO_VM_PROOFS, vfioOpen: [], connectors: [] }
