// Installs what is missing and builds what is stale. Needs nothing but Node and npm.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { must, say } from './run.mjs'

const SOURCES = ['shared', 'electron', 'renderer', 'assets', 'package-lock.json']

async function lockHash() {
  return createHash('sha256')
    .update(await readFile(join(ROOT, 'package-lock.json')))
    .digest('hex')
}

/** Installs the locked dependencies unless exactly these are there. */
export async function ensureDependencies() {
  const stamp = join(ROOT, 'node_modules/.studio-lock')
  const wanted = await lockHash()
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return
  say('Installing npm dependencies (npm ci).')
  await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  await writeFile(stamp, wanted)
}

/**
 * @param {string} path
 * @returns {Promise<number>} milliseconds
 */
async function newest(path) {
  const info = await stat(path)
  if (!info.isDirectory()) return info.mtimeMs
  const names = await readdir(path)
  const times = await Promise.all(names.map((name) => newest(join(path, name))))
  return Math.max(0, ...times)
}

/** The build names the Node that root runs the helper with: another one is another build. */
async function builtForThisNode() {
  const build = await readFile(join(ROOT, 'dist/build.json'), 'utf8').catch(() => '{}')
  return JSON.parse(build).node === process.execPath
}

/** Builds dist/ unless it is newer than every source, and made by this Node. */
export async function ensureBuild() {
  const stamp = join(ROOT, 'dist/.built')
  const sources = Math.max(...(await Promise.all(SOURCES.map((name) => newest(join(ROOT, name))))))
  if (existsSync(stamp) && (await stat(stamp)).mtimeMs > sources && (await builtForThisNode())) return
  say('Building dist/.')
  const { buildAll } = await import('./build.mjs')
  await buildAll()
  await writeFile(stamp, '')
}
