import type { ImageKind } from '#shared/facts/images/image-file.ts'

/** As many bytes of an image's beginning as tell what it is. */
export const HEAD_BYTES = 512

/** Marks at the beginning of each format, and where they stand (block/*.c of QEMU, bdrv_probe of each driver). */
const MARKS: readonly { kind: ImageKind; at: number; mark: Buffer }[] = [
  { kind: 'vmdk', at: 0, mark: Buffer.from('KDMV') },
  { kind: 'vmdk', at: 0, mark: Buffer.from('COWD') },
  { kind: 'vmdk', at: 0, mark: Buffer.from('# Disk DescriptorFile') },
  { kind: 'vdi', at: 0x40, mark: Buffer.from([0x7f, 0x10, 0xda, 0xbe]) },
  { kind: 'vhdx', at: 0, mark: Buffer.from('vhdxfile') },
  { kind: 'vhd', at: 0, mark: Buffer.from('conectix') },
  { kind: 'qed', at: 0, mark: Buffer.from('QED\0') },
  { kind: 'luks', at: 0, mark: Buffer.from('LUKS\xba\xbe', 'latin1') },
]

const QCOW = Buffer.from('QFI\xfb', 'latin1')

/** Returns what an image is by its first bytes. */
export function kindOf(head: Buffer): ImageKind {
  if (head.subarray(0, 4).equals(QCOW)) return head.length >= 8 && head.readUInt32BE(4) >= 2 ? 'qcow2' : 'qcow'
  return MARKS.find(({ at, mark }) => head.subarray(at, at + mark.length).equals(mark))?.kind ?? 'raw'
}
