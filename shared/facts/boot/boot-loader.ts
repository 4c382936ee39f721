import { z } from 'zod'
import { orUnknown } from '#shared/base/unknown.ts'

/**
 * A boot menu entry. `text` is the entry as it stands, or what would stand in a file for a unified kernel image. `chosenBy`
 * tells whether a name or its place makes it the default, or the firmware starts it without a menu.
 */
const bootEntry = z.strictObject({
  title: z.string(),
  cmdline: z.string(),
  source: z.string(),
  text: z.string(),
  chosenBy: z.enum(['name', 'order', 'firmware']),
})
export type BootEntry = z.infer<typeof bootEntry>

export const loaderId = z.enum([
  'grub-debian',
  'grub2-rhel7',
  'grub2-suse',
  'grub-arch',
  'grubby',
  'systemd-boot',
  'kernel-install',
  'uki',
  'uki-kernel-install',
  'uki-dracut',
  'uki-foreign',
  'kernelstub',
  'rpm-ostree',
  'proxmox-boot-tool',
  'sdbootutil',
  'nixos',
])
export type LoaderId = z.infer<typeof loaderId>

/**
 * A boot loader that was found. `files`: what its tools write, of what is there now. `argumentsIn`: a file beside the
 * usual one that kernel arguments are set in.
 */
export const foundLoader = z.strictObject({
  id: loaderId,
  evidence: z.string(),
  defaultEntry: orUnknown(bootEntry),
  files: z.array(z.string()),
  argumentsIn: z.string().optional(),
})
export type FoundLoader = z.infer<typeof foundLoader>
