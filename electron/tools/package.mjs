// `npm run package`: builds a .deb and an .rpm from one tree. See docs/RELEASING.md.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { debName } from './package/deb.mjs'
import { describeRelease } from './package/release.mjs'
import { LINKED, PACKED_WITH, ensureOnly } from './packages.mjs'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { ROOT } from './paths.mjs'
import { say } from './run.mjs'

/**
 * What packing needs of Debian's packages, and what for.
 * @param {import('./package/options.mjs').PackageOptions} options
 */
function neededFor({ kinds, electron }) {
  return {
    ...PACKED_WITH,
    ...LINKED,
    ...(kinds.includes('rpm') ? { rpm: 'builds the .rpm' } : {}),
    ...(electron?.endsWith('.zip') === true ? { unzip: 'unpacks the Electron that is given' } : {}),
  }
}

/**
 * Builds what the words ask for and returns the paths of the packages.
 * @param {string[]} argv
 */
export async function makePackages(argv) {
  const { USAGE, packageOptions } = await import('./package/options.mjs')
  const options = packageOptions(argv)
  if (options === null) {
    console.log(USAGE)
    return []
  }
  await ensureOnly(neededFor(options))
  await ensureDependencies()
  await ensureBuild()
  const { layPackages } = await import('./package/packages.mjs')
  const work = await mkdtemp(join(tmpdir(), 'studio-package-'))
  try {
    return await layPackages(options, join(work, 'tree'), resolve(ROOT, options.out))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Path of the package for tests, made anew unless it is newer than all it is made of. `version`: as --version.
 * @param {string | null} version
 * @returns {Promise<string>}
 */
export async function standInDeb(version = null) {
  await ensureBuild()
  const built = (await stat(join(ROOT, 'dist/.built'))).mtimeMs
  const release = await describeRelease({ standIn: true, version })
  const file = join(ROOT, 'dist/packages', debName(release))
  if (existsSync(file) && (await stat(file)).mtimeMs > built) return file
  const [made] = await makePackages([
    '--stand-in',
    '--only',
    'deb',
    ...(version === null ? [] : ['--version', version]),
  ])
  if (made === undefined) throw new Error('No package was made.')
  return made
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const made = await makePackages(process.argv.slice(2))
    for (const file of made) {
      say(`Made ${file}`)
      if (file.endsWith('.deb')) say(`Install it: sudo apt install ${file}`)
    }
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown))
    process.exitCode = 1
  }
}
