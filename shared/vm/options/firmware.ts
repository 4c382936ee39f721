import { z } from 'zod'
import { absolutePath, imageFormat } from './files.ts'
import { blocked, decision, optionTopic } from './topic.ts'

/** A flash image: as many bytes as the guest sees of it, and the SHA-256 of its file. */
const flash = z.strictObject({ bytes: z.number().int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/u) })

/** UEFI as QEMU's firmware descriptors name it (docs/interop/firmware.json): code is shared, variables are the VM's own. */
const vmFirmware = z.strictObject({
  code: absolutePath,
  codeFormat: imageFormat,
  varsTemplate: absolutePath,
  varsFormat: imageFormat,
  secureBoot: z.boolean(),
  smm: z.boolean(),
  /** The VM's own variables, by the name of their file; not there: named as ever. */
  vars: z
    .string()
    .regex(/^vars(?:-secure)?(?:-\d{1,5}k)?\.(?:fd|qcow2)$/u)
    .optional(),
  /** The template has no keys of Secure Boot: they were put into the VM's own variables when it got them. */
  enrolled: z.literal(true).optional(),
  /** Both as they were when the VM got them; not there: made before this was kept, or they cannot be read. */
  made: z.strictObject({ code: flash, vars: flash }).optional(),
})
export type VmFirmware = z.infer<typeof vmFirmware>

/** Firmware and TPM. */
export const firmware = optionTopic({
  definition: {
    /** UEFI; null: QEMU's own SeaBIOS, or for the proof guest nothing. */
    firmware: vmFirmware.nullable(),
    /** The card as the guest's legacy VGA (x-vga), which SeaBIOS needs to show a picture on it. */
    legacyVga: z.boolean().default(false),
    tpm: z.boolean(),
  },
  choices: {
    secureBoot: z.boolean().nullable(),
    tpm: z.boolean().nullable(),
    /** SeaBIOS instead of UEFI, as in the paper. Null: as the system on an existing image starts. */
    bios: z.boolean().nullable().default(null),
  },
  initial: { secureBoot: null, tpm: null },
  view: {
    firmware: decision,
    secureBootBlocked: blocked,
    tpm: decision,
    tpmBlocked: blocked,
    /** SeaBIOS, for an image that starts by it and for those who follow the paper: what it means here. */
    bios: z.strictObject({
      offered: z.boolean(),
      value: z.boolean(),
      /** An image does not tell how its system starts, so that somebody has to. */
      asked: z.boolean(),
      text: z.string(),
      blocked,
    }),
  },
})
