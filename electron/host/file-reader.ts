import { constants } from 'node:fs'
import { open, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FileStamp } from '#shared/base/file-stamp.ts'
import { JOURNAL_FILE } from '#shared/base/own-files.ts'
import type { ExclusiveUse, LinkResult, ListResult, Reader, ReadResult } from '#shared/base/system.ts'
import { UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import { readUnifiedImage } from './unified/unified-image.ts'
import { isUsersFile, openUsersFile } from './users-file.ts'
import { fewAtOnce } from './waiting/few-at-once.ts'
import { HungReads } from './waiting/hung-reads.ts'

const unpack = promisify(gunzip)

/**
 * No file that is read as a whole is longer: the map of a process with a million mappings has some 100 MB, a log that
 * nobody rotates has no end. What is longer counts as not readable, and is never read in part.
 */
const READ_LIMIT = 134_217_728
/** Grows with every change, and undo needs all of it. */
const WITHOUT_LIMIT = new Set<string>([JOURNAL_FILE])

/**
 * The standard header of a function's configuration space (PCI Local Bus Specification, 6.1). Each byte further is
 * asked of the device itself, slowly, and is not needed.
 */
const CONFIG_SPACE = /^\/sys\/bus\/pci\/devices\/[^/]+\/config$/u
const HEADER_BYTES = 64

// ESRCH: a process in /proc ended between open and read.
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ESRCH'])
/** What a signal cut short, or what is short for the moment: open files of this process, of the host, memory. */
const AGAIN = new Set(['EINTR', 'EMFILE', 'ENFILE', 'ENOMEM'])
const TRIES = 5

/**
 * Each read holds a descriptor, and a process often has no more than 1,024. Node has four threads for files, so more
 * at once would not be faster.
 */
const taken = fewAtOnce(32)

/** Asks the file system in turn; what cannot be answered just now is asked again a little later. */
async function asked<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await taken(call)
    } catch (thrown) {
      if (tries === TRIES || !AGAIN.has(errnoOf(thrown))) throw thrown
    }
    await sleep(20 * tries)
  }
}

/** Returns the errno name of a failed file call. Anything that is not a file error is thrown again. */
export function errnoOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
  throw thrown
}

/**
 * Sorts a failed read into absent and denied. Whatever the kernel or zlib says of one file is about that file alone,
 * also what nobody foresaw; anything that is not a file error is thrown again.
 */
export function readFailure(thrown: unknown, path: string): { kind: 'absent' } | { kind: 'denied'; why: string } {
  const code = errnoOf(thrown)
  return ABSENT.has(code) ? { kind: 'absent' } : { kind: 'denied', why: `${path}: ${code}` }
}

/** Reads below `root` ('/' in production, a temporary directory in tests). */
export class FileReader implements Reader {
  private readonly root: string
  private readonly hung = new HungReads()

  constructor(root: string) {
    this.root = root
  }

  protected at(path: string): string {
    return join(this.root, path)
  }

  private asked<T>(path: string, work: () => Promise<T>): Promise<T> {
    return asked(() => this.hung.read(path, work))
  }

  async read(path: string): Promise<ReadResult> {
    try {
      if (CONFIG_SPACE.test(path))
        return { kind: 'text', text: await this.asked(path, () => readFirst(this.at(path), HEADER_BYTES)) }
      if (UNIFIED_IMAGE.test(path))
        return { kind: 'text', text: JSON.stringify(await this.asked(path, () => readUnifiedImage(this.at(path)))) }
      const limit = WITHOUT_LIMIT.has(path) ? Infinity : READ_LIMIT
      return await this.asked(path, () => readWhole(path, this.at(path), limit))
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  /** Null: the file is not there or may not be seen. */
  async stamp(path: string): Promise<FileStamp | null> {
    try {
      const { size, mtime } = await stat(this.at(path))
      return { bytes: size, modified: mtime.toISOString() }
    } catch (thrown) {
      readFailure(thrown, path)
      return null
    }
  }

  async list(path: string): Promise<ListResult> {
    try {
      return { kind: 'names', names: (await asked(() => readdir(this.at(path)))).sort() }
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  async link(path: string): Promise<LinkResult> {
    try {
      return { kind: 'target', target: await asked(() => readlink(this.at(path))) }
    } catch (thrown) {
      return readFailure(thrown, path)
    }
  }

  async owner(path: string): Promise<number | null> {
    try {
      return (await asked(() => stat(this.at(path)))).uid
    } catch (thrown) {
      readFailure(thrown, path)
      return null
    }
  }

  /**
   * O_EXCL without O_CREAT claims a block device for as long as it is open, and fails with EBUSY where something of the
   * kernel has claimed it or one of its partitions, in whichever mount namespace (open(2)).
   */
  async exclusive(node: string): Promise<ExclusiveUse> {
    try {
      if (!(await asked(() => stat(this.at(node)))).isBlockDevice())
        return { kind: 'denied', why: `${node} is no disk` }
      const file = await asked(() => open(this.at(node), constants.O_RDONLY | constants.O_EXCL | constants.O_NONBLOCK))
      await file.close()
      return { kind: 'free' }
    } catch (thrown) {
      if (errnoOf(thrown) === 'EBUSY') return { kind: 'in-use' }
      const failure = readFailure(thrown, node)
      return failure.kind === 'denied' ? failure : { kind: 'denied', why: `${node} is not there` }
    }
  }
}

/** Reads all of a file, or says why not. A path ending in .gz is unpacked. */
async function readWhole(path: string, at: string, limit: number): Promise<ReadResult> {
  const bytes = await readAtMost(path, at, limit)
  if (bytes === null) return { kind: 'denied', why: `${path}: longer than ${limit / 1_048_576} MiB` }
  return { kind: 'text', text: (path.endsWith('.gz') ? await unpack(bytes) : bytes).toString('utf8') }
}

/** No byte more than `length` is asked for. */
async function readFirst(at: string, length: number): Promise<string> {
  const file = await open(at, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, null)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Reads at most `limit` bytes, as files in /proc and /sys do not tell their size; null: there are more. */
async function readAtMost(path: string, at: string, limit: number): Promise<Buffer | null> {
  const file = await (isUsersFile(path) ? openUsersFile(at) : open(at, 'r'))
  try {
    const chunks: Buffer[] = []
    let total = 0
    while (total <= limit) {
      const chunk = Buffer.allocUnsafe(65_536)
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null)
      if (bytesRead === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, bytesRead))
      total += bytesRead
    }
    return null
  } finally {
    await file.close()
  }
}
