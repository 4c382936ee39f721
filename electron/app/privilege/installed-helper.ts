import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Build } from '../../../shared/build.ts'
import type { HelperFound } from '../../../shared/window/helper-view.ts'
import { errnoOf } from '../../host/file-reader.ts'

/** Where a package puts the helper, and where a checkout does; each polkit action names its own path. */
export const PACKAGED_HELPER = '/usr/libexec/passthrough-studio/helper'
export const CHECKOUT_DIRECTORY = '/opt/passthrough-studio'
export const CHECKOUT_HELPER = `${CHECKOUT_DIRECTORY}/helper`

/** The program that the small script at `path` starts. */
const bundleOf = (path: string) => join(dirname(path), 'helper.cjs')

/** Reads the installed helpers. What was hashed once is not read again while the file is the same. */
export class InstalledHelpers {
  private readonly digests = new Map<string, { stamp: string; digest: string }>()
  private readonly places: readonly string[]

  constructor(places: readonly string[] = [PACKAGED_HELPER, CHECKOUT_HELPER]) {
    this.places = places
  }

  /** Every helper that is there, with whether this program may use it: root's alone, and built with it. */
  async look({ helper }: Build): Promise<HelperFound[]> {
    const found = await Promise.all(this.places.map((path) => this.judge(path, helper)))
    return found.filter((one) => one !== null)
  }

  private async judge(path: string, wanted: string): Promise<HelperFound | null> {
    const parts = [dirname(path), path, bundleOf(path)]
    const states = await Promise.all(parts.map(stateOf))
    if (states[1] === null || states[2] === null) return null
    const foreign = parts.find((_, index) => states[index]?.rootsAlone !== true)
    if (foreign !== undefined) return { path, fits: false, text: `${foreign} can be changed by others than root` }
    if ((await this.digestOf(bundleOf(path), states[2]?.stamp ?? '')) === wanted)
      return { path, fits: true, text: 'belongs to this version' }
    return { path, fits: false, text: 'belongs to another version' }
  }

  private async digestOf(path: string, stamp: string): Promise<string> {
    const known = this.digests.get(path)
    if (known?.stamp === stamp) return known.digest
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    this.digests.set(path, { stamp, digest })
    return digest
  }
}

/** Null where nothing is. A symbolic link is nobody's: who may turn it is not told by what it points to. */
async function stateOf(path: string): Promise<{ rootsAlone: boolean; stamp: string } | null> {
  try {
    const found = await lstat(path)
    const rootsAlone = !found.isSymbolicLink() && found.uid === 0 && (found.mode & 0o022) === 0
    return { rootsAlone, stamp: `${found.ino} ${found.size} ${found.mtimeMs}` }
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errnoOf(thrown))) return null
    throw thrown
  }
}
