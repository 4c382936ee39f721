// Builds dist/: the command line, the helper, main, preload and the window. Run by `npm run build`.
import { cp } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const node = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'electron']

/** Bundles one program for Node or Electron into a single file. */
async function bundle(entry, file, format) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
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
    plugins: [react()],
    build: {
      outDir: '../dist/window',
      emptyOutDir: true,
      target: 'chrome114',
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
    },
  })
}

/** Builds every program and the window. */
export async function buildAll() {
  await bundle('electron/helper/main.ts', 'helper.cjs', 'cjs')
  await bundle('electron/cli.ts', 'cli.js', 'esm')
  await bundle('electron/main.ts', 'main.cjs', 'cjs')
  await bundle('electron/preload.ts', 'preload.cjs', 'cjs')
  await buildWindow()
  await cp(join(root, 'assets'), join(root, 'dist/assets'), { recursive: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll()
