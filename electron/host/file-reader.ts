import { open, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { LinkResult, ListResult, Reader, ReadResult } from '#shared/base/system.ts'

const unpack = promisify(gunzip)

const READ_LIMIT = 4_194_304

/**
 * The standard header of a function's configuration space (PCI Local Bus Specification, 6.1). Each byte further is
 * asked of the device itself, slowly, and nobody needs it.
 */
const CONFIG_SPACE = /^\/sys\/bus\/pci\/devices\/[^/]+\/config$/u
const HEADER_BYTES = 64

// ESRCH: a process in /proc ended between open and read.
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ESRCH'])
const DENIED = new Set(['EACCES', 'EPERM', 'EIO', 'EINVAL', 'EISDIR', 'ELOOP', 'EAGAIN', 'EBUSY'])

/** The errno name of a failed file call. Anything that is not a file error is thrown again. */
export function errnoOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
  throw thrown
}

/** Sorts a failed read into absent and denied; an unforeseen error is thrown, not hidden. */
export function readFailure(thrown: unknown, path: string): { kind: 'absent' } | { kind: 'denied'; why: string } {
  const code = errnoOf(thrown)
  if (ABSENT.has(code)) return { kind: 'absent' }
  if (DENIED.has(code)) return { kind: 'denied', why: `${path}: ${code}` }
  throw thrown
}

/** Reads below `root` ('/' in production, a temporary directory in tests). */
export class FileReader implements Reader {
  private readonly root: string

  constructor(root: string) {
    this.root = root
  }

  protected at(path: string): string {
    return join(this.root, path)
  }

  async read(path: string): Promise<ReadResult> {
    try {
      const limit = CONFIG_SPACE.test(path) ? HEADER_BYTES : READ_LIMIT
      return { kind: 'text', text: await readLimited(this.at(path), limit) }
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  async list(path: string): Promise<ListResult> {
    try {
      return { kind: 'names', names: (await readdir(this.at(path))).sort() }
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  async link(path: string): Promise<LinkResult> {
    try {
      return { kind: 'target', target: await readlink(this.at(path)) }
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  async owner(path: string): Promise<number | null> {
    try {
      return (await stat(this.at(path))).uid
    } catch (thrown) {
      readFailure(thrown, path)
      return null
    }
  }
}

/** Reads at most `limit` bytes: files in /proc and /sys do not tell their size. A path ending in .gz is unpacked. */
async function readLimited(path: string, limit: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const chunks: Buffer[] = []
    let total = 0
    while (total < limit) {
      const chunk = Buffer.allocUnsafe(Math.min(65_536, limit - total))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null)
      if (bytesRead === 0) break
      chunks.push(chunk.subarray(0, bytesRead))
      total += bytesRead
    }
    const bytes = Buffer.concat(chunks)
    return (path.endsWith('.gz') ? await unpack(bytes) : bytes).toString('utf8')
  } finally {
    await file.close()
  }
}
