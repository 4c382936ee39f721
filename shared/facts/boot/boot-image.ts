import { z } from 'zod'
import { fileStamp } from '#shared/base/file-stamp.ts'
import { orUnknown } from '#shared/base/unknown.ts'

export const initramfsId = z.enum(['initramfs-tools', 'dracut', 'mkinitcpio', 'rpm-ostree', 'sdbootutil'])
export type InitramfsId = z.infer<typeof initramfsId>

/**
 * A generator of initramfs images. `dropIns`: it reads a directory of small configuration files, so that no foreign file
 * needs editing. `elsewhere`: configuration that it is told to go by in place of its own, which no change of ours reaches.
 */
export const initramfsTool = z.strictObject({
  id: initramfsId,
  evidence: z.string(),
  dropIns: z.boolean(),
  elsewhere: z.array(z.string()),
})

/** What lies in an initramfs image, or in the initramfs inside a unified kernel image. */
export const imageContents = z.strictObject({
  /** The module vfio-pci; a kernel that has it built in needs none. */
  vfioPci: z.boolean(),
  /** The rule of step 5; `idle`: it is there, and nothing in the image would run it. */
  rule: z.enum(['runs', 'idle', 'missing']),
})
export type ImageContents = z.infer<typeof imageContents>

/** An image that was looked into, and which version of it that was. */
export const imageLook = z.strictObject({ path: z.string(), stamp: fileStamp, contents: imageContents })
export type ImageLook = z.infer<typeof imageLook>

/** The image that the default entry of the boot menu starts. */
export const nextImage = z.strictObject({
  path: orUnknown(z.string()),
  /** Null: only root may see the file. */
  stamp: fileStamp.nullable(),
  /** It is as it was when this boot began; null: not known. */
  sinceBoot: z.boolean().nullable(),
  contents: orUnknown(imageContents),
})
export type NextImage = z.infer<typeof nextImage>
