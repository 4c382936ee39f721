import { execFile } from 'node:child_process'
import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { openProgram, withoutOurFiles } from './open-program.ts'

/** An executable script of its own. */
async function program(lines: string): Promise<string> {
  const path = join(await temporaryDirectory('exec'), 'program')
  await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  return path
}

describe('openProgram', () => {
  it('says why a program ended at once, and which one is missing', async () => {
    const path = await program('echo "no display: $1" >&2; exit 3')
    await expect(openProgram(['/nonexistent/viewer', path], ['a "b" $c'])).rejects.toMatchObject({
      problem: { code: 'tool-failed', message: `${path} ended at once: no display: a "b" $c` },
    })
    await expect(openProgram(['/nonexistent/viewer'], [])).rejects.toMatchObject({ problem: { code: 'tool-missing' } })
    await expect(openProgram([await program('exit 4')], [])).rejects.toThrow('exit code 4')
  })

  it('does not wait for a program that stays', async () => {
    const path = await program('echo $$ > "$0.pid"; exec sleep 30')
    await openProgram([path], [])
    const pid = Number((await readFile(`${path}.pid`, 'utf8')).trim())
    expect(await readlink(`/proc/${pid}/exe`)).toContain('sleep')
    kill(pid)
  })

  it('gives a program no open file, as Chromium would give its sockets', async () => {
    const listed = async (before: readonly string[]) => {
      // Node closes its own files in children; a shell does not.
      const { stdout } = await promisify(execFile)('bash', [
        '-c',
        'exec 7< /dev/null 77< /dev/null; exec "$@"',
        'bash',
        ...before,
      ])
      return stdout.trim().split('\n')
    }
    const ls = ['ls', '/proc/self/fd']
    expect(await listed(ls)).toEqual(expect.arrayContaining(['7', '77']))
    // The last is the directory that is listed.
    expect(await listed([...(await withoutOurFiles()), ...ls])).toEqual(['0', '1', '2', '3'])
  })
})
