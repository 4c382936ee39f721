import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { UnifiedImage } from '#shared/facts/boot/unified-image.ts'

/** Signature, then the COFF header of 20 bytes (PE Format, "COFF File Header"). */
const HEADERS = 24
/** Where the optional header of a 64-bit image names its certificates: an offset and a length. */
const CERTIFICATES = 144
const SECTION = 40
/** The headers of a real image end long before; a text section has a few hundred bytes. */
const LIMIT = 65_536

interface Section {
  name: string
  offset: number
  bytes: number
}

/**
 * Reads what a unified kernel image says of itself, and not its kernel. Several profiles may repeat a section; the first
 * of a name is that of the default (UAPI.5).
 * @throws an error with the code ENOEXEC for a file that is none.
 */
export async function readUnifiedImage(at: string): Promise<UnifiedImage> {
  const file = await open(at, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { sections, signed } = headersOf(await bytesAt(file, 0, LIMIT))
    const named = (name: string) => sections.find((section) => section.name === name)
    const initrd = named('.initrd')
    const text = async (name: string) => {
      const section = named(name)
      return section === undefined ? null : textOf(await bytesAt(file, section.offset, Math.min(section.bytes, LIMIT)))
    }
    return {
      cmdline: await text('.cmdline'),
      uname: await text('.uname'),
      osrel: await text('.osrel'),
      initrd: initrd === undefined ? null : { offset: initrd.offset, bytes: initrd.bytes },
      signed,
    }
  } finally {
    await file.close()
  }
}

/** Sections are padded with NUL. */
function textOf(bytes: Buffer): string {
  return bytes
    .toString('utf8')
    .replace(/\0[\s\S]*$/u, '')
    .trim()
}

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}

function headersOf(head: Buffer): { sections: Section[]; signed: boolean } {
  const at = head.length >= 64 && head.toString('latin1', 0, 2) === 'MZ' ? head.readUInt32LE(60) : head.length
  if (at + HEADERS + CERTIFICATES + 8 > head.length || head.toString('latin1', at, at + 4) !== 'PE\0\0') throw noImage()
  const optional = at + HEADERS
  const table = optional + head.readUInt16LE(at + 20)
  const count = head.readUInt16LE(at + 6)
  if (table + count * SECTION > head.length || head.readUInt16LE(optional) !== 0x20b) throw noImage()
  const sections = Array.from({ length: count }, (_, index) => sectionAt(head, table + index * SECTION))
  if (!sections.some(({ name }) => name === '.linux')) throw noImage()
  return { sections, signed: head.readUInt32LE(optional + CERTIFICATES + 4) > 0 }
}

/** The size in memory is that of the content, the size in the file is rounded up; of older tools it is the other way. */
function sectionAt(head: Buffer, at: number): Section {
  const [virtual, raw] = [head.readUInt32LE(at + 8), head.readUInt32LE(at + 16)]
  return {
    name: head.toString('latin1', at, at + 8).replaceAll('\0', ''),
    offset: head.readUInt32LE(at + 20),
    bytes: Math.min(virtual, raw),
  }
}

function noImage(): Error {
  return Object.assign(new Error('This is no unified kernel image.'), { code: 'ENOEXEC' })
}
