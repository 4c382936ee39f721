import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { describe, expect, it } from 'vitest'
import { openProgram } from './open-program.ts'

/** An executable script of its own. */
async function program(lines: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'exec-')), 'program')
  await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  return path
}

describe('openProgram', () => {
  it('tells why a program ended at once, and which one is not there', async () => {
    const path = await program('echo "no display: $1" >&2; exit 3')
    await expect(openProgram(['/nonexistent/viewer', path], ['a "b" $c'])).rejects.toMatchObject({
      problem: { code: 'tool-failed', message: `${path} ended at once: no display: a "b" $c` },
    })
    await expect(openProgram(['/nonexistent/viewer'], [])).rejects.toMatchObject({ problem: { code: 'tool-missing' } })
    await expect(openProgram([await program('exit 4')], [])).rejects.toThrow('exit code 4')
  })

  it('leaves a program alone that stays, which has nothing open but its own', async () => {
    const path = await program('echo $$ > "$0.pid"; exec sleep 30')
    await openProgram([path], [])
    const pid = (await readFile(`${path}.pid`, 'utf8')).trim()
    expect(await readdir(`/proc/${pid}/fd`)).toEqual(['0', '1', '2'])
    kill(Number(pid))
  })
})
