// What a desktop, a shell and a reader find of the program, below /usr/share.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.mjs'
import { DOC } from './files.mjs'
import { dayOf } from './release.mjs'

const SHARE = 'usr/share'
const METAINFO = 'org.passthrough_studio.studio.metainfo.xml'
/** @param {string} name */
const linux = (name) => join(ROOT, 'assets/linux', name)

/**
 * Lays out entry, icons, polkit action, man page, completions and licences. `zsh`: where completions of packages go.
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./electron-source.mjs").ElectronSource} electron
 * @param {{ place: string, licence: string }} node
 * @param {import("./release.mjs").Release} release
 * @param {string} zsh
 */
export async function layDesktop(tree, electron, node, release, zsh) {
  await tree.copy(linux('org.passthrough-studio.policy'), `${SHARE}/polkit-1/actions/org.passthrough-studio.policy`)
  await tree.copy(linux('passthrough-studio.desktop'), `${SHARE}/applications/passthrough-studio.desktop`)
  await tree.copy(linux('apparmor-profile'), `${SHARE}/passthrough-studio/apparmor-profile`)
  await tree.copy(join(ROOT, 'assets/icon.png'), `${SHARE}/icons/hicolor/256x256/apps/passthrough-studio.png`)
  await tree.copy(join(ROOT, 'assets/icon.svg'), `${SHARE}/icons/hicolor/scalable/apps/passthrough-studio.svg`)
  const metainfo = await readFile(linux(METAINFO), 'utf8')
  const day = dayOf(release.epoch)
  await tree.write(
    `${SHARE}/metainfo/${METAINFO}`,
    metainfo.replace('@VERSION@', release.version).replace('@DATE@', day),
  )
  await layManual(tree, release, zsh)
  await layLicences(tree, electron, node)
}

/**
 * Made of the very table that `help` prints.
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./release.mjs").Release} release
 * @param {string} zsh
 */
async function layManual(tree, { version, epoch }, zsh) {
  const { manPage } = await import(join(ROOT, 'dist/build/man-page.js'))
  const { bashCompletion, fishCompletion, zshCompletion } = await import(join(ROOT, 'dist/build/completions.js'))
  await tree.writeGzipped(`${SHARE}/man/man1/passthrough-studio.1`, manPage(version, dayOf(epoch)))
  await tree.write(`${SHARE}/bash-completion/completions/passthrough-studio`, bashCompletion())
  await tree.write(`${SHARE}/fish/vendor_completions.d/passthrough-studio.fish`, fishCompletion())
  await tree.write(`${SHARE}/zsh/${zsh}/_passthrough-studio`, zshCompletion())
}

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./electron-source.mjs").ElectronSource} electron
 * @param {{ place: string, licence: string }} node
 */
async function layLicences(tree, { directory }, node) {
  const ours = await readFile(join(ROOT, 'LICENSE'), 'utf8')
  const electron = ['LICENSE', 'LICENSE.electron.txt'].map((name) => join(directory, name)).find(existsSync)
  if (electron === undefined) throw new Error(`${directory} has no licence of Electron.`)
  /** @type {[name: string, text: string][]} */
  const texts = [
    ['Passthrough Studio', ours],
    ['Electron', await readFile(electron, 'utf8')],
  ]
  const parts = texts.map(([name, text]) => `${name}\n${'='.repeat(name.length)}\n\n${text.trim()}\n`)
  const elsewhere = `Chromium and what it is made of: LICENSES.chromium.html.gz. Node.js: LICENSE.node.gz. Libraries in our own
bundles: LICENSES.libraries.gz.\n`
  await tree.write(`${DOC}/copyright`, `${parts.join('\n')}\n${elsewhere}`)
  await tree.writeGzipped(`${DOC}/LICENSES.chromium.html`, await readFile(join(directory, 'LICENSES.chromium.html')))
  await tree.writeGzipped(`${DOC}/LICENSE.node`, await readFile(node.licence))
  await tree.writeGzipped(`${DOC}/LICENSES.libraries`, await readFile(join(ROOT, 'dist/build/LICENSES.libraries')))
  await tree.writeGzipped(`${DOC}/NEWS.md`, await readFile(join(ROOT, 'CHANGELOG.md')))
}
