import type { StartsBy } from '#shared/facts/images/image-file.ts'
import type { GuestBytes } from './bytes.ts'

const SECTORS = [512, 4096]
const MBR_BYTES = 512
/** Types in a table of the old kind: a GPT's stand-in, and an EFI partition. */
const PROTECTIVE = 0xee
const EFI = 0xef

/** Type GUIDs as they stand on a disk (UEFI, 5.3.3, little endian): EFI system partition; where GRUB keeps code for BIOS. */
const ESP = Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex')
const BIOS_BOOT = Buffer.from('4861682149646f6e744e656564454649', 'hex')

/** Says how the system on a disk starts. */
export async function startOf(guest: GuestBytes): Promise<StartsBy> {
  const mbr = await guest(0, MBR_BYTES)
  if (mbr === null) return 'unknown'
  if (mbr.length < MBR_BYTES || mbr.readUInt16LE(510) !== 0xaa55)
    return mbr.every((byte) => byte === 0) ? 'none' : 'unknown'
  const types = [0, 1, 2, 3].map((index) => mbr[446 + index * 16 + 4] ?? 0).filter((type) => type !== 0)
  if (types.includes(PROTECTIVE)) return startOfGpt(guest)
  if (types.includes(EFI)) return 'uefi'
  return types.length === 0 ? 'unknown' : 'bios'
}

async function startOfGpt(guest: GuestBytes): Promise<StartsBy> {
  for (const sector of SECTORS) {
    const header = await guest(sector, 92)
    if (header?.subarray(0, 8).toString('latin1') !== 'EFI PART') continue
    const types = await typesIn(guest, header, sector)
    if (types === null) return 'unknown'
    const [uefi, bios] = [ESP, BIOS_BOOT].map((wanted) => types.some((type) => type.equals(wanted)))
    if (uefi === true) return bios === true ? 'both' : 'uefi'
    return bios === true ? 'bios' : 'unknown'
  }
  return 'unknown'
}

async function typesIn(guest: GuestBytes, header: Buffer, sector: number): Promise<Buffer[] | null> {
  const start = Number(header.readBigUInt64LE(72)) * sector
  const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)]
  if (count > 256 || size < 128 || size > 512) return null
  const entries = await guest(start, count * size)
  return entries === null
    ? null
    : Array.from({ length: count }, (_, index) => entries.subarray(index * size, index * size + 16))
}
