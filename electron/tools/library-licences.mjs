import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A module's package: what stands before and behind the last node_modules of its path. */
const IN_PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//u

/** Notes which libraries get into our bundles, and gathers their licences: most ask for it. */
export class LibraryLicences {
  /** @type {Set<string>} Directories of packages. */
  #packages = new Set()

  /**
   * A plugin for each build whose libraries count.
   * @returns {import('vite').Plugin}
   */
  plugin() {
    return {
      name: 'library-licences',
      generateBundle: (_options, bundle) => {
        const chunks = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? [part] : []))
        for (const id of chunks.flatMap(({ modules }) => Object.keys(modules))) {
          const [, directory] = IN_PACKAGE.exec(id) ?? []
          if (directory !== undefined) this.#packages.add(directory)
        }
      },
    }
  }

  /** Name, version and licence text of each, by name. Throws where a library tells no licence at all. */
  async text() {
    const parts = await Promise.all([...this.#packages].map(licenceOf))
    return parts.sort().join('\n')
  }
}

/** @param {string} directory */
async function licenceOf(directory) {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const file = (await readdir(directory)).find((entry) => /^(licen[cs]e|copying)/iu.test(entry))
  const text = file === undefined ? `Licence: ${license}` : (await readFile(join(directory, file), 'utf8')).trim()
  if (file === undefined && license === undefined) throw new Error(`${name} tells no licence.`)
  const title = `${name} ${version}`
  return `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`
}
