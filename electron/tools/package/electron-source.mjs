// The Electron a package is built of: a supported official one, or for tests the stand-in.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ROOT } from '../paths.mjs'
import { must, output, run } from '../run.mjs'
import { standIn } from '../runtime.mjs'

/**
 * What Electron a package gets: its directory, the name of its program there, its version.
 * @typedef {{ directory: string, binary: string, version: string }} ElectronSource
 */

/** @typedef {import('./options.mjs').PackageOptions} PackageOptions */

const INSTALLED = join(ROOT, 'node_modules/electron/dist')
/** @type {import('node:child_process').SpawnOptions} */
const QUIET = { stdio: 'ignore' }
/** How many of the newest majors get security fixes (Electron's release policy). */
const SUPPORTED_MAJORS = 3

/**
 * Finds what the options ask for; a zip is unpacked below `work`. Returns `{ directory, binary, version }`. Throws with
 * what to do where it cannot be had, is not what its digest says, or is out of support.
 * @param {PackageOptions} options
 * @param {string} work
 * @returns {Promise<ElectronSource>}
 */
export async function findElectron(options, work) {
  if (options.standIn) return standIn()
  const found = await official(options, work)
  const newest = await newestMajor()
  const major = Number(found.version.split('.')[0])
  if (major > newest - SUPPORTED_MAJORS) return found
  throw new Error(
    `Electron ${found.version} is out of support (the newest is ${newest}, and the ${SUPPORTED_MAJORS} newest majors get security fixes). Give a newer one with --electron.`,
  )
}

/**
 * @param {PackageOptions} options
 * @param {string} work
 */
async function official({ electron, sha256 }, work) {
  if (electron === null) {
    if (!existsSync(join(INSTALLED, 'electron')))
      await run(process.execPath, ['node_modules/electron/install.js'], QUIET)
    if (existsSync(join(INSTALLED, 'electron'))) return described(INSTALLED)
    throw new Error(await notToBeHad())
  }
  const found = await stat(electron).catch(() => null)
  if (found === null) throw new Error(`There is nothing at ${electron}.`)
  return described(found.isDirectory() ? electron : await unzipped(electron, sha256, work))
}

async function notToBeHad() {
  const { version } = JSON.parse(await readFile(join(ROOT, 'node_modules/electron/package.json'), 'utf8'))
  return [
    'The official Electron cannot be downloaded here (its installer needs Node 22.12 and a way to GitHub).',
    `Bring electron-v${version}-linux-x64.zip from Electron's releases: npm run package -- --electron THAT.zip`,
    'For a trial only, with an Electron that gets no security fixes: npm run package -- --stand-in',
  ].join('\n')
}

/** @param {string} directory */
async function described(directory) {
  const version = await readFile(join(directory, 'version'), 'utf8').catch(() => null)
  if (version === null || !existsSync(join(directory, 'electron')))
    throw new Error(`${directory} is no Electron: it lacks "electron" or "version".`)
  return { directory, binary: 'electron', version: version.trim().replace(/^v/u, '') }
}

/**
 * Unpacks a zip whose digest is the one given, or the one that the npm package of the same version tells.
 * @param {string} zip
 * @param {string | null} given
 * @param {string} work
 */
async function unzipped(zip, given, work) {
  const wanted = given ?? (await published(basename(zip)))
  if (wanted === null)
    throw new Error(`${basename(zip)} is not in the digests of the installed electron package; give --sha256.`)
  const hash = createHash('sha256')
  await pipeline(createReadStream(zip), hash)
  const digest = hash.digest('hex')
  if (digest !== wanted) throw new Error(`${zip} has SHA-256 ${digest}, not ${wanted}. It is not used.`)
  const directory = await mkdtemp(join(work, 'electron-'))
  await must('unzip', ['-q', zip, '-d', directory])
  return directory
}

/**
 * @param {string} name
 * @returns {Promise<string | null>}
 */
async function published(name) {
  const checksums = await readFile(join(ROOT, 'node_modules/electron/checksums.json'), 'utf8')
  return JSON.parse(checksums)[name] ?? null
}

async function newestMajor() {
  const version = await output('npm', ['view', 'electron', 'version'])
  const major = Number(version.split('.')[0])
  if (Number.isInteger(major) && major > 0) return major
  throw new Error(`The npm registry does not tell the newest Electron: "${version.trim()}".`)
}
