import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

/** What Fedora's policy has for /etc/default/grub, unlike for what is made beside it. */
export const GRUBS = 'system_u:object_r:bootloader_etc_t:s0'
export const OTHERS = 'unconfined_u:object_r:etc_t:s0'

/** A root directory of a host on which SELinux runs. */
export async function labelledRoot(): Promise<string> {
  const root = await temporaryDirectory('labels')
  for (const path of ['sys/fs/selinux', 'etc/default', 'var/lib/passthrough-studio'])
    await mkdir(join(root, path), { recursive: true })
  await writeFile(join(root, 'sys/fs/selinux/enforce'), '1')
  return root
}

/** Labels a file as root may on any kernel, whether SELinux runs on it or not; false: not on this filesystem. */
export function relabelled(path: string, label: string): boolean {
  return spawnSync('chcon', [label, path]).status === 0
}

/** The label a file has. */
export function labelAt(path: string): string {
  return spawnSync('stat', ['--format=%C', path], { encoding: 'utf8' }).stdout.trim()
}
