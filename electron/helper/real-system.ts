import { createHash } from 'node:crypto'
import {
  chmod,
  chown,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { runToolAs } from '#host/exec/run-tool.ts'
import { readWatched, writeWatched } from '#host/exec/watched.ts'
import { errnoOf, FileReader, readFailure } from '#host/file-reader.ts'
import { onInnerInitramfs } from '#host/unified/inner-initramfs.ts'
import { UNFINISHED } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { FileState, Ownership, System, Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { isDirectoryOf } from './allow-list/directory.ts'
import { assertNoSymlink } from './allow-list/paths.ts'
import { labelAsPolicySays, labelOf, setLabel } from './system/labels.ts'
import { writeFailure } from './system/write-failure.ts'

/** Building all initramfs images of a server with many kernels takes minutes. */
const TOOL_LIMIT_MS = 900_000
/** Reading or writing a kernel attribute that takes longer hangs for good (unbind of a GPU in use). */
const ATTRIBUTE_LIMIT_MS = 10_000

/** The real machine, as root. `root` is '/' in the helper's compiled entry and a temporary directory in tests. */
export class RealSystem extends FileReader implements System {
  readonly simulated = false

  async state(path: string): Promise<FileState | null> {
    try {
      const stat = await lstat(this.at(path))
      const kind = stat.isFile()
        ? 'file'
        : stat.isDirectory()
          ? 'directory'
          : stat.isSymbolicLink()
            ? 'symlink'
            : stat.isCharacterDevice() || stat.isBlockDevice()
              ? 'device'
              : 'other'
      return { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, kind }
    } catch (thrown) {
      return this.absent(thrown, path)
    }
  }

  async bytes(path: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.at(path))
    } catch (thrown) {
      return this.absent(thrown, path)
    }
  }

  private absent(thrown: unknown, path: string): null {
    const failure = readFailure(thrown, path)
    if (failure.kind === 'absent') return null
    throw new ProblemError('permission', `${failure.why}.`, { cause: thrown, hint: 'The helper has to run as root.' })
  }

  label(path: string): Promise<string | null> {
    return labelOf(this, this.at(path))
  }

  async writeAtomic(path: string, bytes: Uint8Array, owner: Ownership): Promise<void> {
    const temporary = this.at(`${path}${UNFINISHED}`)
    try {
      const label = owner.label ?? (await this.label(path))
      await rm(temporary, { force: true })
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.chown(owner.uid, owner.gid)
        await file.chmod(owner.mode)
        await file.sync()
      } finally {
        await file.close()
      }
      const isLabelled = label !== null && (await setLabel(this, temporary, label))
      await rename(temporary, this.at(path))
      if (!isLabelled) await labelAsPolicySays(this, this.at(path))
      await this.syncDirectory(dirname(path))
    } catch (thrown) {
      // What failed first is what is told; the next write of this file takes a leftover away.
      await rm(temporary, { force: true }).catch(() => undefined)
      throw writeFailure(thrown, path)
    }
  }

  async appendDurable(path: string, line: string): Promise<void> {
    try {
      const file = await open(this.at(path), 'a', 0o644)
      try {
        await file.writeFile(`${line}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      await this.syncDirectory(dirname(path))
    } catch (thrown) {
      throw writeFailure(thrown, path)
    }
  }

  async cutTornLine(path: string): Promise<void> {
    try {
      const file = await open(this.at(path), 'r+')
      try {
        const { size } = await file.stat()
        const whole = await endOfLastLine(file, size)
        if (whole === size) return
        await file.truncate(whole)
        await file.sync()
      } finally {
        await file.close()
      }
    } catch (thrown) {
      if (errnoOf(thrown) !== 'ENOENT') throw writeFailure(thrown, path)
    }
  }

  /** A name that came or went is durable only when its directory is (fsync(2)). */
  private async syncDirectory(path: string): Promise<void> {
    const directory = await open(this.at(path), 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }

  async remove(path: string): Promise<void> {
    try {
      await rm(this.at(`${path}${UNFINISHED}`), { force: true })
      await unlink(this.at(path))
      await this.syncDirectory(dirname(path))
    } catch (thrown) {
      if (errnoOf(thrown) !== 'ENOENT') throw writeFailure(thrown, path)
    }
  }

  async move(from: string, to: string): Promise<void> {
    try {
      await rename(this.at(from), this.at(to))
      await this.syncDirectory(dirname(to))
      await this.syncDirectory(dirname(from))
    } catch (thrown) {
      throw writeFailure(thrown, from)
    }
  }

  async makeDirectory(path: string, owner: Ownership): Promise<void> {
    await assertNoSymlink(this, path)
    try {
      await mkdir(this.at(path), { mode: 0o700 })
      await this.syncDirectory(dirname(path))
    } catch (thrown) {
      if (errnoOf(thrown) !== 'EEXIST') throw writeFailure(thrown, path)
      const there = await this.state(path)
      if (there !== null && isDirectoryOf(path, there, owner)) return
    }
    // Nobody but root can put anything else there: every directory above is root's.
    await this.setOwner(path, owner)
    await labelAsPolicySays(this, this.at(path))
  }

  async removeDirectory(path: string): Promise<void> {
    try {
      await rmdir(this.at(path))
      await this.syncDirectory(dirname(path))
    } catch (thrown) {
      throw writeFailure(thrown, path)
    }
  }

  async setOwner(path: string, owner: Ownership): Promise<void> {
    try {
      await chown(this.at(path), owner.uid, owner.gid)
      await chmod(this.at(path), owner.mode)
      if (owner.label !== undefined) await setLabel(this, this.at(path), owner.label)
    } catch (thrown) {
      throw writeFailure(thrown, path)
    }
  }

  readAttribute(path: string): Promise<string | null> {
    return readWatched(this.at(path), ATTRIBUTE_LIMIT_MS)
  }

  writeAttribute(path: string, value: string): Promise<void> {
    return writeWatched(this.at(path), value, ATTRIBUTE_LIMIT_MS)
  }

  run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    const options = { ...how, timeoutMs: TOOL_LIMIT_MS }
    return onInnerInitramfs(tool, args, (told) => runToolAs(how.as ?? null, tool, told, options))
  }

  async freeBytes(path: string): Promise<number> {
    const { bavail, bsize } = await statfs(this.at(path))
    return bavail * bsize
  }

  async fingerprint(path: string): Promise<string | null> {
    try {
      const { size, mtimeNs } = await lstat(this.at(path), { bigint: true })
      return `${size} ${mtimeNs}`
    } catch (thrown) {
      return this.absent(thrown, path)
    }
  }

  hash(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex')
  }
}

/** Length of a file up to and with its last newline, looked for from its end. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - 65_536)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    const at = buffer.subarray(0, bytesRead).lastIndexOf('\n')
    if (at >= 0) return start + at + 1
    end = start
  }
  return 0
}
