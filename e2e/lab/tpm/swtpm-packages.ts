import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { labCache } from '../image.ts'

/** What the lab's machine lacks of swtpm and AppArmor; the package with swtpm's own tools is not needed. */
const PACKAGES = ['openssl', 'swtpm', 'swtpm-libs', 'libtpms0', 'apparmor']

/** A directory with Debian's packages of both, downloaded once: the machine has no network. */
export async function swtpmPackages(): Promise<string> {
  const key = createHash('sha256').update(PACKAGES.join(' ')).digest('hex').slice(0, 12)
  const directory = join(labCache(), 'lab', `swtpm-${key}`)
  if (existsSync(directory)) return directory
  await mkdir(join(labCache(), 'lab'), { recursive: true })
  const work = await mkdtemp(join(labCache(), 'lab', 'build-'))
  try {
    await execa('apt-get', ['download', ...PACKAGES], { cwd: work })
    await rename(work, directory)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return directory
}
