import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { execa } from 'execa'

const RECIPE = join(import.meta.dirname, 'image')

export function labCache(): string {
  const base = env['XDG_CACHE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'passthrough-studio')
}

/** Path of the workstation image, built when the recipe changed or the cache is empty (about four minutes). */
export async function workstationImage(): Promise<string> {
  const digest = createHash('sha256')
  for (const name of (await readdir(RECIPE)).sort()) digest.update(await readFile(join(RECIPE, name)))
  const directory = join(labCache(), 'lab')
  const image = join(directory, `workstation-${digest.digest('hex').slice(0, 12)}.raw`)
  if (existsSync(image)) return image
  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, 'build-'))
  try {
    await execa(join(RECIPE, 'build.sh'), [join(work, 'disk.raw'), work])
    await rename(join(work, 'disk.raw'), image)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return image
}
