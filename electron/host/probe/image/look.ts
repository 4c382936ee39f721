import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { GuestBytes, ReadBytes } from './bytes.ts'
import { HEAD_BYTES, kindOf } from './kind.ts'
import { startOf } from './partition-table.ts'
import { mayHoldRom, romIn } from './pci-rom.ts'
import { backingOf, qcow2Bytes } from './qcow2.ts'
import { isWindowsProgram } from './windows-program.ts'

/** As much of a file as a ROM is looked for in. */
const ROM_BYTES = 2 ** 20
/** No image rests on more than that. */
const LONGEST_CHAIN = 8

interface Files {
  read: ReadBytes
  /** Whether there is a file that may be read. */
  readable: (path: string) => Promise<boolean>
}

/** Reads of an image what it is, what it rests on and how its system starts. */
export async function lookAtImage(files: Files, path: string): Promise<Omit<ImageFile, 'writable'>> {
  const head = await files.read(path, 0, HEAD_BYTES)
  const kind = kindOf(head)
  const rom = mayHoldRom(head) ? romIn(await files.read(path, 0, ROM_BYTES)) : null
  return {
    kind,
    backing: kind === 'qcow2' ? await chain(files, path, head) : [],
    startsBy: await startOf(guestBytes(files.read, path, head)),
    ...(rom === null ? {} : { rom }),
    ...((await isWindowsProgram(files.read, path, head)) ? { windowsProgram: true as const } : {}),
  }
}

function guestBytes(read: ReadBytes, path: string, head: Buffer): GuestBytes {
  const kind = kindOf(head)
  if (kind === 'raw') return (offset, length) => read(path, offset, length)
  // What it does not hold itself lies in the image below.
  const whole = kind === 'qcow2' && head.readBigUInt64BE(8) === 0n
  return whole ? qcow2Bytes(read, path, head) : () => Promise.resolve(null)
}

async function chain(files: Files, path: string, head: Buffer): Promise<ImageFile['backing']> {
  const found: ImageFile['backing'] = []
  let [at, first] = [path, head]
  while (found.length < LONGEST_CHAIN && kindOf(first) === 'qcow2') {
    const below = await backingOf(files.read, at, first)
    if (below === null) break
    // Another host's, by a protocol: QEMU finds out.
    if (!below.startsWith('/')) break
    const there = await files.readable(below)
    found.push({ path: below, there })
    if (!there) break
    ;[at, first] = [below, await files.read(below, 0, HEAD_BYTES)]
  }
  return found
}
