import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { FlashFile } from '#shared/facts/images/flash-file.ts'
import { readFailure } from '../file-reader.ts'
import { sha256 } from '../sha256.ts'

/** QEMU maps no more than 8 MiB (hw/i386/pc_sysfw.c), and a qcow2 of that is little longer. */
const LIMIT = 16 * 1024 ** 2
/** docs/interop/qcow2.txt: the magic, and at byte 24 the size that a guest sees. */
const QCOW2 = Buffer.from('QFI\xfb', 'latin1')

/** Reads flash images, each only once until it changes. */
export class FlashFiles {
  private readonly known = new Map<string, { stamp: string; file: FlashFile }>()

  async read(path: string): Promise<OrUnknown<FlashFile | null>> {
    try {
      // A FIFO in its place would never open otherwise.
      const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        return await this.look(path, file)
      } finally {
        await file.close()
      }
    } catch (thrown) {
      const failure = readFailure(thrown, path)
      return failure.kind === 'absent' ? null : unknownBecause(failure.why)
    }
  }

  private async look(path: string, file: FileHandle): Promise<OrUnknown<FlashFile | null>> {
    const found = await file.stat()
    if (!found.isFile() || found.size > LIMIT) return unknownBecause(`${path} is no flash image`)
    const stamp = `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`
    const former = this.known.get(path)
    if (former?.stamp === stamp) return former.file
    const bytes = await file.readFile()
    const inside = bytes.subarray(0, 4).equals(QCOW2) && bytes.length >= 32
    const flash = { bytes: inside ? Number(bytes.readBigUInt64BE(24)) : bytes.length, sha256: sha256(bytes) }
    this.known.set(path, { stamp, file: flash })
    return flash
  }
}
