import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { say } from '../run.mjs'
import { packDeb } from './deb.mjs'
import { layDesktop } from './desktop.mjs'
import { findElectron } from './electron-source.mjs'
import { DOC, Tree } from './files.mjs'
import { helperNode } from './node-runtime.mjs'
import { layProgram } from './program.mjs'
import { describeRelease } from './release.mjs'
import { packRpm } from './rpm.mjs'

/** Where each family's packages put zsh's completions. */
const ZSH = { deb: 'vendor-completions', rpm: 'site-functions' }

/**
 * Lays one tree out at `root` and packs it as each kind asked for. Returns the paths below `out`.
 * @param {import("./options.mjs").PackageOptions} options
 * @param {string} root
 * @param {string} out
 */
export async function layPackages(options, root, out) {
  process.umask(0o022)
  const electron = await findElectron(options, dirname(root))
  const node = await helperNode()
  const release = await describeRelease(options)
  say(`Version ${release.version}, Electron ${electron.version}, Node ${node.version} for helper and command line.`)
  const tree = new Tree(root)
  await mkdir(root, { recursive: true })
  await layProgram(tree, electron, node, release)
  await layDesktop(tree, electron, node, release, ZSH.deb)
  const made = []
  if (options.kinds.includes('deb')) made.push(await packDeb(tree, release, out))
  if (options.kinds.includes('rpm')) {
    await rename(tree.at(`usr/share/zsh/${ZSH.deb}`), tree.at(`usr/share/zsh/${ZSH.rpm}`))
    await rm(tree.at(`${DOC}/changelog.gz`), { force: true })
    made.push(await packRpm(tree, release, out))
  }
  return made
}
