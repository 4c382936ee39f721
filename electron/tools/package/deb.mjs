// Makes the .deb of a tree that is laid out.
import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.mjs'
import { must, ONLY_ERRORS, output } from '../run.mjs'
import { debianChangelog } from './changelog.mjs'
import { DOC, LIB } from './files.mjs'
import { MAINTAINER } from './release.mjs'
import { script } from './scripts.mjs'

const ARCHITECTURE = 'amd64'
/** Chromium opens it while it starts, which dpkg-shlibdeps cannot see, and ends at once without it. */
const OPENED = 'libx11-xcb1'

/**
 * The file's name, as dpkg-name(1) would give it.
 * @param {Pick<import("./release.mjs").Release, "version">} release
 */
export function debName({ version }) {
  return `passthrough-studio_${version}_${ARCHITECTURE}.deb`
}

/**
 * Packs `tree` into `out` and returns the path. A package for tests is packed fast, a release small: with xz, which
 * the archive tools of every Debian know.
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./release.mjs").Release} release
 * @param {string} out
 */
export async function packDeb(tree, release, out) {
  const { version, standIn } = release
  await tree.writeGzipped(`${DOC}/changelog`, await debianChangelog(release))
  await tree.copy(
    join(ROOT, 'assets/linux/package/lintian-overrides'),
    'usr/share/lintian/overrides/passthrough-studio',
  )
  await rm(tree.at('DEBIAN'), { recursive: true, force: true })
  const files = await filesBelow(tree.root)
  await tree.write('DEBIAN/md5sums', await md5sums(tree, files))
  await tree.write('DEBIAN/control', await control(tree, version, files))
  for (const name of ['postinst', 'prerm', 'postrm']) await tree.write(`DEBIAN/${name}`, await debScript(name), 0o755)
  await mkdir(out, { recursive: true })
  const file = join(out, debName(release))
  const packing = standIn ? ['-Zzstd', '-z3'] : ['-Zxz']
  await must('find', [tree.root, '-exec', 'touch', '--no-dereference', '--date', `@${release.epoch}`, '{}', '+'])
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch), LC_ALL: 'C' }
  const quiet = { stdio: ONLY_ERRORS, env }
  await must('dpkg-deb', ['--root-owner-group', ...packing, '--build', tree.root, file], quiet)
  await rm(tree.at('DEBIAN'), { recursive: true })
  await rm(tree.at('usr/share/lintian'), { recursive: true })
  return file
}

/**
 * Every regular file, sorted, relative to `root`.
 * @param {string} root
 * @param {string} below
 * @returns {Promise<string[]>}
 */
async function filesBelow(root, below = '') {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(below, entry.name)
      return entry.isDirectory() ? filesBelow(root, path) : [path]
    }),
  )
  return found.flat().sort()
}

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {string[]} files
 */
async function md5sums(tree, files) {
  const lines = await Promise.all(
    files.map(async (path) => {
      const digest = createHash('md5').update(await readFile(tree.at(path)))
      return `${digest.digest('hex')}  ${path}\n`
    }),
  )
  return lines.join('')
}

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {string} version
 * @param {string[]} files
 */
async function control(tree, version, files) {
  const sizes = await Promise.all(files.map(async (path) => (await lstat(tree.at(path))).size))
  const kib = sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0)
  return `Package: passthrough-studio
Version: ${version}
Section: admin
Priority: optional
Architecture: ${ARCHITECTURE}
Maintainer: ${MAINTAINER}
Installed-Size: ${kib}
Depends: ${await libraries(tree)}, ${OPENED}, polkitd | policykit-1, pkexec | policykit-1
Recommends: pciutils, qemu-system-x86, qemu-utils, ovmf
Suggests: swtpm, virt-viewer
Description: hand a graphics card to a virtual machine, and get it back
 A wizard of nine steps takes a workstation from "VT-d maybe off" to a KVM
 virtual machine that has a physical GPU. Every change is shown as a diff
 before it is made, is journalled with a backup, and is undone byte for byte.
 .
 A tray icon starts and shuts down the virtual machine, and the same program
 answers on the command line. Changes are made by a helper that runs as root
 for one request, after polkit has asked for an administrator's password.
`
}

/**
 * Packages that the programs' libraries come from, as this build machine's packages tell (dpkg-shlibdeps(1)).
 * @param {import("./files.mjs").Tree} tree
 */
async function libraries(tree) {
  const work = `${tree.root}.shlibdeps`
  await mkdir(join(work, 'debian'), { recursive: true })
  try {
    await writeFile(
      join(work, 'debian/control'),
      'Source: passthrough-studio\n\nPackage: passthrough-studio\nArchitecture: amd64\n',
    )
    const programs = ['passthrough-studio', 'chrome-sandbox', 'chrome_crashpad_handler', 'node'].map((name) =>
      tree.at(`${LIB}/${name}`),
    )
    const asked = ['-O', '--ignore-missing-info', `-l${tree.at(LIB)}`, ...programs]
    const answer = await output('dpkg-shlibdeps', asked, { cwd: work, stdio: ['ignore', 'pipe', 'ignore'] })
    return answer.replace(/^shlibs:Depends=/u, '').trim()
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Each script does its part only for what it is named after; an update touches nothing but files of the package.
 * @param {string} name
 */
async function debScript(name) {
  const shell = '#!/bin/sh\nset -e\n'
  /** @type {(states: string, body: string) => string} */
  const when = (states, body) => `case $1 in\n  ${states})\n${body}    ;;\nesac\n`
  switch (name) {
    case 'postinst':
      return `${shell}${when('configure', `${await script('configure')}${await script('installed')}`)}`
    case 'prerm':
      return `${shell}${when('remove', await script('before-remove'))}`
    default:
      return `${shell}${when('remove | purge', await script('after-remove'))}${when('purge', await script('purge'))}`
  }
}
