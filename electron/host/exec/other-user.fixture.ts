import { spawnSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

/** Somebody without any privilege who has a VM on this host. */
export const USER = { name: 'designer', uid: 1000, gid: 1000 }

/** What that user's own shell makes of a script in a directory: its exit code. */
export function asUser(directory: string, script: string): number | null {
  const options = { cwd: directory, uid: USER.uid, gid: USER.gid, env: { PATH: env['PATH'] } }
  return spawnSync('/bin/sh', ['-c', `umask 022; ${script}`], options).status
}

/** A directory that stands for `/`, root's as everything in it; others may go through. */
export async function rootDirectory(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await temporaryDirectory('root')
  await chmod(root, 0o755)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}
