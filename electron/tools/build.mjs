// Builds dist/: the command line, the helper, main, preload and the window. Run by `npm run build`.
import { createHash } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { LibraryLicences } from './library-licences.mjs'
import { versionHere } from './package/release.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const licences = new LibraryLicences()
const node = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'electron']

/**
 * Bundles one program for Node or Electron into a single file.
 * @param {string} entry
 * @param {string} file
 * @param {'cjs' | 'esm'} format
 */
async function bundle(entry, file, format) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [licences.plugin()],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: entry,
      outDir: 'dist',
      emptyOutDir: false,
      target: 'node18',
      minify: false,
      rolldownOptions: { external: node, output: { format, entryFileNames: file, codeSplitting: false } },
    },
  })
}

/** Bundles the page and its style sheet into dist/window. */
async function buildWindow() {
  await build({
    root: join(root, 'renderer'),
    configFile: false,
    logLevel: 'warn',
    base: './',
    plugins: [react(), licences.plugin()],
    build: {
      outDir: '../dist/window',
      emptyOutDir: true,
      target: 'chrome114',
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
    },
  })
}

/** What the built program says of itself: see shared/base/build.ts. */
async function describeBuild() {
  const version = await versionHere()
  const helper = createHash('sha256')
    .update(await readFile(join(root, 'dist/helper.cjs')))
    .digest('hex')
  const build = { version, origin: 'checkout', standIn: false, helper, node: process.execPath }
  await writeFile(join(root, 'dist/build.json'), `${JSON.stringify(build, null, 2)}\n`)
}

/** Builds every program and the window. */
export async function buildAll() {
  await bundle('electron/helper/main.ts', 'helper.cjs', 'cjs')
  await bundle('electron/cli.ts', 'cli.js', 'esm')
  await bundle('electron/main.ts', 'main.cjs', 'cjs')
  await bundle('electron/preload.ts', 'preload.cjs', 'cjs')
  await bundle('electron/cli/manual/man-page.ts', 'build/man-page.js', 'esm')
  await bundle('electron/cli/manual/completions.ts', 'build/completions.js', 'esm')
  await buildWindow()
  await writeFile(join(root, 'dist/build/LICENSES.libraries'), await licences.text())
  await describeBuild()
  await cp(join(root, 'assets'), join(root, 'dist/assets'), { recursive: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll()
