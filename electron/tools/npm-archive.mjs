// Fetches one package of the npm registry by exact version, and believes it only with the right SHA-512.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE } from './paths.mjs'
import { must, ONLY_ERRORS } from './run.mjs'

/**
 * Unpacks `{ name, version, integrity }` and lets `use` take what it wants out of the directory, which goes afterwards.
 * Throws when the registry serves other bytes than these.
 * @template T
 * @param {{ name: string, version: string, integrity: string }} what
 * @param {(directory: string) => Promise<T>} use
 */
export async function withNpmArchive({ name, version, integrity }, use) {
  await mkdir(CACHE, { recursive: true })
  const work = await mkdtemp(join(CACHE, 'fetch-'))
  try {
    const quiet = { stdio: ONLY_ERRORS }
    await must('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', work], quiet)
    const [file] = (await readdir(work)).filter((entry) => entry.endsWith('.tgz'))
    const archive = join(work, file ?? 'nothing')
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')
    if (`sha512-${digest}` !== integrity)
      throw new Error(`${name}@${version} is not what it was when this was written; it is not used.`)
    await unpack(archive, work)
    return await use(join(work, 'package'))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Unpacks a tar archive. Those made on other systems carry headers that GNU tar would warn of, line after line.
 * @param {string} archive
 * @param {string} directory
 */
export function unpack(archive, directory) {
  return must('tar', ['--warning=no-unknown-keyword', '-xzf', archive, '-C', directory])
}
