// Version and date of a package, from the checkout alone: the same input gives the same bytes.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../paths.mjs'
import { output } from '../run.mjs'

/** Who answers for the packages. */
export const MAINTAINER = 'Passthrough Studio maintainers <maintainers@passthrough-studio.org>'

/** @typedef {{ version: string, epoch: number, standIn: boolean }} Release */

/**
 * `version`: as in package.json, with ~standin for a package that is for tests only; both dpkg and rpm sort that before
 * the release. `epoch`: seconds, of the commit that is built or as SOURCE_DATE_EPOCH says.
 * @param {{ standIn: boolean, version: string | null }} options
 * @returns {Promise<Release>}
 */
export async function describeRelease({ standIn, version: given }) {
  const version = given ?? (await versionHere())
  return { version: standIn ? `${version}~standin` : version, epoch: await sourceDate(), standIn }
}

/**
 * The version of this checkout.
 * @returns {Promise<string>}
 */
export async function versionHere() {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).version
}

async function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH
  if (given !== undefined && /^\d+$/u.test(given)) return Number(given)
  try {
    return Number(await output('git', ['log', '-1', '--format=%ct'], { stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    throw new Error('This is no git checkout, so the date of the package is not known. Set SOURCE_DATE_EPOCH.')
  }
}

/**
 * YYYY-MM-DD, in UTC.
 * @param {number} epoch
 */
export function dayOf(epoch) {
  return new Date(epoch * 1000).toISOString().slice(0, 10)
}
