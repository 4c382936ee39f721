import { parseArgs } from 'node:util'

/** What can be asked for. */
export const USAGE = `npm run package -- [options]

  --only deb|rpm       one of the two packages
  --electron PATH      an official Electron: a directory, or its zip
  --sha256 HEX         the digest of that zip, where the npm package electron does not tell it
  --stand-in           for tests and trials only: an Electron that is out of support
  --out DIR            where the packages go (default: dist/packages)
  --version X.Y.Z      another version than package.json's, to try updates`

/**
 * What a package is made of and how; see packageOptions.
 * @typedef {{ standIn: boolean, electron: string | null, sha256: string | null, kinds: ('deb' | 'rpm')[], out: string, version: string | null }} PackageOptions
 */

/** How a package is called for. See docs/RELEASING.md. */
const OPTIONS = /** @type {const} */ ({
  'stand-in': { type: 'boolean', default: false },
  electron: { type: 'string' },
  sha256: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string', default: 'dist/packages' },
  version: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
})

/**
 * Reads the words after `npm run package --`.
 * `standIn`: with the Electron of development and tests, never for users. `electron`: a directory or a zip; null: the
 * installed one. Null: help was asked for. `kinds`: which packages. `version`: another than package.json's, to try updates. Throws with a sentence for anything it does not know.
 * @param {string[]} argv
 * @returns {PackageOptions | null}
 */
export function packageOptions(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS })
  if (values.help) return null
  const { 'stand-in': standIn, electron = null, sha256 = null, only = null, out, version = null } = values
  if (standIn && electron !== null) throw new Error('--stand-in and --electron exclude each other.')
  if (sha256 !== null && electron?.endsWith('.zip') !== true)
    throw new Error('--sha256 is the digest of a zip that is given with --electron.')
  if (only !== null && only !== 'deb' && only !== 'rpm') throw new Error('--only takes deb or rpm.')
  if (sha256 !== null && !/^[0-9a-f]{64}$/u.test(sha256)) throw new Error('--sha256 takes 64 hexadecimal digits.')
  if (version !== null && !/^\d+\.\d+\.\d+$/u.test(version))
    throw new Error('--version takes three numbers, e.g. 1.2.0.')
  return { standIn, electron, sha256, kinds: only === null ? ['deb', 'rpm'] : [only], out, version }
}
