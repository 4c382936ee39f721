// What lies below /usr/lib and /usr/libexec: Electron, our bundles, and the Node of helper and command line.
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { createPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { ROOT } from '../paths.mjs'
import { POLYFILLS } from '../runtime.mjs'
import { LIB } from './files.mjs'

const LIBEXEC = 'usr/libexec/passthrough-studio'
const NODE = `/${LIB}/node`

/** Parts of Electron's directory that are not files a program needs. */
const NOT_SHIPPED = new Set([
  'resources',
  'locales',
  'version',
  'LICENSE',
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
])
const PROGRAMS = new Set(['chrome-sandbox', 'chrome_crashpad_handler'])

/**
 * Lays the programs out in `tree`. The window is in English only, so one of Chromium's languages is enough.
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./electron-source.mjs").ElectronSource} electron
 * @param {{ place: string, licence: string }} node
 * @param {import("./release.mjs").Release} release
 */
export async function layProgram(tree, electron, node, release) {
  await layElectron(tree, electron)
  await tree.copy(node.place, `${LIB}/node`, 0o755)
  const helper = await packagedHelper(release)
  const build = await packagedBuild(release, helper)
  await layApp(tree, release, build)
  await tree.copy(join(ROOT, 'dist/cli.js'), `${LIB}/cli.js`)
  await tree.write(`${LIB}/package.json`, '{ "type": "module" }\n')
  await tree.write(`${LIB}/build.json`, build)
  await tree.write(`${LIBEXEC}/helper.cjs`, helper)
  await tree.write(`${LIBEXEC}/helper`, `#!/bin/sh\nexec ${NODE} /${LIBEXEC}/helper.cjs "$@"\n`, 0o755)
  await tree.copy(join(ROOT, 'assets/linux/launcher.sh'), 'usr/bin/passthrough-studio', 0o755)
}

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./electron-source.mjs").ElectronSource} electron
 */
async function layElectron(tree, { directory, binary }) {
  for (const name of (await readdir(directory)).sort()) {
    if (NOT_SHIPPED.has(name)) continue
    const target = name === binary ? 'passthrough-studio' : name
    await tree.copy(join(directory, name), `${LIB}/${target}`, modeOf(name, binary))
  }
  await tree.copy(join(directory, 'locales/en-US.pak'), `${LIB}/locales/en-US.pak`)
  await setFuses(tree.at(`${LIB}/passthrough-studio`))
}

/**
 * The sandbox helper is setuid root, for hosts where users may make no user namespaces.
 * @param {string} name
 * @param {string} binary
 */
function modeOf(name, binary) {
  if (name === 'chrome-sandbox') return 0o4755
  return name === binary || PROGRAMS.has(name) ? 0o755 : 0o644
}

/**
 * No other program comes out of this one: not by an environment variable, a switch, or a directory of its own.
 * @param {string} binary
 */
async function setFuses(binary) {
  await flipFuses(binary, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: false,
    strictlyRequireAllFuses: false,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
  })
}

/**
 * With its version in it: the helper of another version never has the same bytes.
 * @param {import("./release.mjs").Release} release
 */
async function packagedHelper({ version }) {
  return `// The helper of Passthrough Studio ${version}.\n${await readFile(join(ROOT, 'dist/helper.cjs'), 'utf8')}`
}

/**
 * The description of the build in dist/, as of a package.
 * @param {import("./release.mjs").Release} release
 * @param {string} helperText
 */
async function packagedBuild({ version, standIn }, helperText) {
  const build = JSON.parse(await readFile(join(ROOT, 'dist/build.json'), 'utf8'))
  const helper = createHash('sha256').update(helperText).digest('hex')
  return `${JSON.stringify({ ...build, version, origin: 'package', standIn, helper, node: NODE }, null, 2)}\n`
}

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./release.mjs").Release} release
 * @param {string} build
 */
async function layApp(tree, { version, standIn }, build) {
  const app = await mkdtemp(join(tmpdir(), 'studio-app-'))
  try {
    for (const part of ['main.cjs', 'preload.cjs', 'window'])
      await cp(join(ROOT, 'dist', part), join(app, part), { recursive: true })
    await cp(join(ROOT, 'assets'), join(app, 'assets'), { recursive: true, filter: (path) => isShown(path) })
    await writeFile(join(app, 'build.json'), build)
    const main = standIn ? await standInMain(app) : 'main.cjs'
    const about = { name: 'passthrough-studio', version, main, desktopName: 'passthrough-studio.desktop' }
    await writeFile(join(app, 'package.json'), `${JSON.stringify(about, null, 2)}\n`)
    await tree.write(`${LIB}/resources/app.asar`, '')
    await createPackage(app, tree.at(`${LIB}/resources/app.asar`))
  } finally {
    await rm(app, { recursive: true, force: true })
  }
}

/**
 * Icons of window and tray; what is for the desktop lies elsewhere.
 * @param {string} path
 */
function isShown(path) {
  return basename(path) === 'assets' || extname(path) === '.png'
}

/**
 * The stand-in's Node is older than what we are written for.
 * @param {string} app
 */
async function standInMain(app) {
  await cp(join(ROOT, 'electron/tools', POLYFILLS), join(app, POLYFILLS))
  await writeFile(join(app, 'stand-in.cjs'), `require('./${POLYFILLS}')\nrequire('./main.cjs')\n`)
  return 'stand-in.cjs'
}
