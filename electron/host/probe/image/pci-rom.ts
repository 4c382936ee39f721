import type { PciRom } from '#shared/facts/images/image-file.ts'

/** PCI Firmware Specification 3.0, 5.1: the ROM header, and the data structure that it points to. */
const SIGNATURE = Buffer.from([0x55, 0xaa])
const DATA = Buffer.from('PCIR')
const DATA_AT = 0x18
const DATA_BYTES = 0x18
const UNIT = 512
const MOST_IMAGES = 16
/** What stands before the ROM in files that NVIDIA's tools save. */
const NVIDIA = Buffer.from('NVGI')
const CODES = { 0: 'bios', 3: 'uefi' } as const

/** Whether a file's first bytes are those of a ROM, or of what stands before one. */
export function mayHoldRom(head: Buffer): boolean {
  return begins(head, SIGNATURE) || begins(head, NVIDIA)
}

/** Reads the ROM in a file: the first place that has header and data structure, and all images from there on. */
export function romIn(file: Buffer): PciRom | null {
  for (let at = file.indexOf(SIGNATURE); at >= 0; at = file.indexOf(SIGNATURE, at + 1)) {
    const images = imagesAt(file, at)
    if (images.length > 0) return { at, images }
  }
  return null
}

function imagesAt(file: Buffer, start: number): PciRom['images'] {
  const images: PciRom['images'] = []
  let at = start
  while (images.length < MOST_IMAGES) {
    const data = dataOf(file, at)
    if (data === null) break
    const code = data.readUInt8(0x14)
    images.push({
      vendorId: hex(data.readUInt16LE(4)),
      deviceId: hex(data.readUInt16LE(6)),
      code: code === 0 || code === 3 ? CODES[code] : 'other',
    })
    const length = data.readUInt16LE(0x10) * UNIT
    // The highest bit marks the last image.
    if ((data.readUInt8(0x15) & 0x80) !== 0 || length === 0) break
    at += length
  }
  return images
}

function dataOf(file: Buffer, at: number): Buffer | null {
  if (!begins(file.subarray(at), SIGNATURE) || file.length < at + DATA_AT + 2) return null
  const place = at + file.readUInt16LE(at + DATA_AT)
  const data = file.subarray(place, place + DATA_BYTES)
  return begins(data, DATA) && data.length === DATA_BYTES ? data : null
}

function begins(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark)
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0')
}
