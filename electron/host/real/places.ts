import { problemOf } from '#shared/base/problem.ts'
import type { FileState, Reader, ToolResult } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import { runTool } from '../exec/run-tool.ts'
import { lookAtPlace } from '../probe/image-place.ts'

/** A server that is gone would keep whoever asks its filesystem. */
const LIMIT_MS = 20_000
/** Of st_mode (inode(7)). */
const [TYPE, DIRECTORY, SYMLINK] = [0o170000, 0o040000, 0o120000]

/** Looks at a directory for disk images. Tools ask, which can be left behind where a filesystem hangs. */
export async function readPlace(reader: Pick<Reader, 'read'>, directory: string): Promise<OrUnknown<ImagePlace>> {
  try {
    const look = { read: (path: string) => reader.read(path), state, freeBytes }
    return await lookAtPlace(look, directory)
  } catch (thrown) {
    return unknownBecause(problemOf(thrown).message)
  }
}

function stat(args: readonly string[]): Promise<ToolResult> {
  return runTool('stat', args, { timeoutMs: LIMIT_MS, expect: [0, 1] })
}

/** Null: it is not there, or may not be seen. */
async function state(path: string): Promise<Pick<FileState, 'kind' | 'uid' | 'gid' | 'mode'> | null> {
  const { exitCode, stdout } = await stat(['-c', '%f %u %g', '--', path])
  const [mode = '', uid, gid] = stdout.trim().split(' ')
  if (exitCode !== 0) return null
  const bits = Number.parseInt(mode, 16)
  const type = bits & TYPE
  const kind = type === DIRECTORY ? 'directory' : type === SYMLINK ? 'symlink' : 'other'
  return { kind, uid: Number(uid), gid: Number(gid), mode: bits & 0o7777 }
}

async function freeBytes(path: string): Promise<number | null> {
  const { exitCode, stdout } = await stat(['-f', '-c', '%a %S', '--', path])
  const [blocks, size] = stdout.trim().split(' ').map(Number)
  return exitCode !== 0 || blocks === undefined || size === undefined ? null : blocks * size
}
