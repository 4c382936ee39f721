import { parseArgs } from 'node:util'

/** How a package is called for. See docs/RELEASING.md. */
const OPTIONS = {
  'stand-in': { type: 'boolean', default: false },
  electron: { type: 'string' },
  sha256: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string', default: 'dist/packages' },
  version: { type: 'string' },
}

/**
 * Reads the words after `npm run package --`.
 * `standIn`: with the Electron of development and tests, never for users. `electron`: a directory or a zip; null: the
 * installed one. `kinds`: which packages. `version`: another than package.json's, to try updates. Throws with a sentence for anything it does not know.
 */
export function packageOptions(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS })
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
