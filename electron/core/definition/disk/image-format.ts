import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { ChosenDisk, VmDisk } from '#shared/vm/options/disk.ts'

type Image = Extract<VmDisk, { kind: 'image' }>
type Format = Image['format']

/** What is known of an existing image; null: it is not there, cannot be read, or was not looked at. */
export function imageAt(path: string, { images }: Pick<Facts, 'images'>): ImageFile | null {
  const found = images[path]
  return found === undefined || found === null || isUnknown(found) || found.kind === 'directory' ? null : found
}

/**
 * An existing image with its format. It is read from the bytes once, and kept for that path: a guest on a raw disk could
 * write the mark of another format to its beginning, and have QEMU open files of the host by it.
 */
export function withFormat(
  { kind, format, path }: Extract<ChosenDisk, { kind: 'image' }>,
  facts: Pick<Facts, 'images'>,
  former: VmDisk | null | undefined,
): Image {
  const kept = former?.kind === 'image' && former.path === path ? former.format : undefined
  return { kind, format: format ?? kept ?? formatOf(imageAt(path, facts)) ?? 'raw', path }
}

/** The format that an image has by its bytes, where the VM takes it as another; null: both agree, or it is not known. */
export function otherFormat(disk: VmDisk | null, facts: Pick<Facts, 'images'>): Format | null {
  if (disk?.kind !== 'image') return null
  const format = formatOf(imageAt(disk.path, facts))
  return format === disk.format ? null : format
}

/** Null: it is not known, or in a format that VMs of this program cannot have. */
function formatOf(image: ImageFile | null): Format | null {
  return image?.kind === 'qcow2' || image?.kind === 'raw' ? image.kind : null
}
