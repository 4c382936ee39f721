import { dirname, resolve } from 'node:path'
import type { GuestBytes, ReadBytes } from './bytes.ts'

/** An offset in a table of clusters; the bits beside it are flags (docs/interop/qcow2.txt). */
const OFFSET = 0x00ff_ffff_ffff_fe00n
const COMPRESSED = 1n << 62n
const ALL_ZERO = 1n

/** The file that a qcow2 image rests on; null: none. `path`: of the image, which a relative name goes out from. */
export async function backingOf(read: ReadBytes, path: string, head: Buffer): Promise<string | null> {
  const offset = Number(head.readBigUInt64BE(8))
  const length = head.readUInt32BE(16)
  if (offset === 0 || length === 0 || length > 1023) return null
  const name = (await read(path, offset, length)).toString('utf8')
  return /^[a-z][a-z0-9+-]*:/iu.test(name) ? name : resolve(dirname(path), name)
}

/** Reads what a guest sees of a qcow2 image, as far as it lies in this very file. */
export function qcow2Bytes(read: ReadBytes, path: string, head: Buffer): GuestBytes {
  const bits = head.readUInt32BE(20)
  const size = 2 ** bits
  const firstTable = Number(head.readBigUInt64BE(40))
  const cluster = async (index: number): Promise<Buffer | null> => {
    const inTable = size / 8
    const table = await entry(read, path, firstTable + Math.floor(index / inTable) * 8)
    if (table === 0n) return Buffer.alloc(size)
    const place = await entry(read, path, Number(table & OFFSET) + (index % inTable) * 8)
    if ((place & COMPRESSED) !== 0n) return null
    const offset = Number(place & OFFSET)
    return offset === 0 || (place & ALL_ZERO) !== 0n ? Buffer.alloc(size) : read(path, offset, size)
  }
  return async (offset, length) => {
    if (bits < 9 || bits > 21) return null
    const first = Math.floor(offset / size)
    const parts: Buffer[] = []
    for (let index = first; index * size < offset + length; index += 1) {
      const part = await cluster(index)
      if (part === null) return null
      parts.push(part)
    }
    return Buffer.concat(parts).subarray(offset - first * size, offset - first * size + length)
  }
}

async function entry(read: ReadBytes, path: string, offset: number): Promise<bigint> {
  const bytes = await read(path, offset, 8)
  return bytes.length < 8 ? 0n : bytes.readBigUInt64BE(0)
}
