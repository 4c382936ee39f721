import { problemOf } from '#shared/base/problem.ts'
import type { Tool, ToolResult } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import { runToolAs } from '../exec/run-tool.ts'
import { lookAtImage } from '../probe/image/look.ts'

const LIMIT_MS = 20_000
/** More is never read at once. */
const MOST_BYTES = 2 ** 21

/** As whom a file is looked at: the VM's user; null: whoever runs this. */
export type ImageUser = Readonly<{ name: string; uid: number; gid: number }> | null

/**
 * Looks at a disk image as its VM's user will find it. For root two small tools do, after they dropped everything to
 * that user: what lies in a user's directory may be a link to anything, and only that user's own rights say whether
 * QEMU can open it.
 */
export async function readImage(path: string, user: ImageUser): Promise<OrUnknown<ImageFile | null>> {
  const how = { timeoutMs: LIMIT_MS, expect: [0, 1] }
  const run = (tool: Tool, args: readonly string[]) => runToolAs(user, tool, args, how)
  const is = async (test: string, file: string) => (await run('test', [test, file])).exitCode === 0
  try {
    if (await is('-d', path)) return await directory(is, path, user)
    if (!(await is('-f', path))) return null
    if (!(await is('-r', path))) return unknownBecause(`${user?.name ?? 'This user'} may not read ${path}`)
    const files = {
      read: async (file: string, offset: number, length: number) =>
        bytesOf(await run('od', dump(file, offset, length))),
      readable: async (file: string) => (await is('-f', file)) && (await is('-r', file)),
    }
    const { stdout: filesystem } = await run('stat', ['-f', '-c', '%T', '--', path])
    const copied = filesystem.trim() === 'btrfs' && isCopied((await run('lsattr', ['-d', '--', path])).stdout)
    const seen = { ...(await lookAtImage(files, path)), writable: await is('-w', path) }
    return copied ? { ...seen, copiedOnWrite: true } : seen
  } catch (thrown) {
    return unknownBecause(`${path}: ${problemOf(thrown).message}`)
  }
}

/** Whether btrfs writes each block of a file elsewhere, by what lsattr says of it: C is that it does not (chattr(1)). */
export function isCopied(attributes: string): boolean {
  const marks = /^([A-Za-z-]+) /u.exec(attributes)?.[1]
  return marks !== undefined && !marks.includes('C')
}

/** A directory that may be shared with a guest. */
async function directory(
  is: (test: string, file: string) => Promise<boolean>,
  path: string,
  user: ImageUser,
): Promise<OrUnknown<ImageFile>> {
  if (!(await is('-r', path)) || !(await is('-x', path)))
    return unknownBecause(`${user?.name ?? 'This user'} may not look into ${path}`)
  return { kind: 'directory', writable: await is('-w', path), backing: [], startsBy: 'none' }
}

function dump(file: string, offset: number, length: number): string[] {
  return ['-A', 'n', '-v', '-t', 'x1', '-j', String(offset), '-N', String(Math.min(length, MOST_BYTES)), '--', file]
}

/** Beyond its end a file has no bytes. */
function bytesOf({ exitCode, stdout }: ToolResult): Buffer {
  return exitCode === 0 ? Buffer.from(stdout.replaceAll(/\s/gu, ''), 'hex') : Buffer.alloc(0)
}
