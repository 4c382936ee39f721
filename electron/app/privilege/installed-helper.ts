import { lstat, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { firstExecutable } from '#host/exec/tools.ts'
import { errnoOf } from '#host/file-reader.ts'
import { sha256 } from '#host/sha256.ts'
import type { Build } from '#shared/base/build.ts'
import type { HelperFound } from '#shared/ipc/helper-view.ts'
import { isRootsAlone, openedAbove } from './roots-alone.ts'

/** Where a package puts the helper, and where a checkout does; each polkit action names its own path. */
export const PACKAGED_HELPER = '/usr/libexec/passthrough-studio/helper'
export const CHECKOUT_DIRECTORY = '/opt/passthrough-studio'
export const CHECKOUT_HELPER = `${CHECKOUT_DIRECTORY}/helper`

/** Returns the program that the small script at `path` starts. */
const bundleOf = (path: string) => join(dirname(path), 'helper.cjs')

/** Reads the installed helpers. What was hashed once is not read again while the file is the same. */
export class InstalledHelpers {
  private readonly digests = new Map<string, { stamp: string; digest: string }>()
  private readonly places: readonly string[]

  constructor(places: readonly string[] = [PACKAGED_HELPER, CHECKOUT_HELPER]) {
    this.places = places
  }

  /** Returns every helper that is there, with whether this program may use it: root's alone, and built with it. */
  async look({ helper }: Build): Promise<HelperFound[]> {
    const found = await Promise.all(this.places.map((path) => this.judge(path, helper)))
    return found.filter((one) => one !== null)
  }

  private async judge(path: string, wanted: string): Promise<HelperFound | null> {
    try {
      const flaw = await this.flawOf(path, wanted)
      return { path, fits: flaw === null, text: flaw ?? 'belongs to this version' }
    } catch (thrown) {
      const code = errnoOf(thrown)
      // Between two files of an update, or with nothing at all, there is no helper.
      if (code === 'ENOENT' || code === 'ENOTDIR') return null
      return { path, fits: false, text: `cannot be read (${code})` }
    }
  }

  /** Returns why the helper at `path` cannot be used; null: it can. */
  private async flawOf(path: string, wanted: string): Promise<string | null> {
    const bundle = bundleOf(path)
    for (const part of [path, bundle, dirname(path)])
      if (!(await isRootsAlone(part))) return `can be changed by others than root (${part})`
    const open = await openedAbove(dirname(path))
    if (open !== null) return `can be replaced by others than root (${open})`
    if (!(await this.namesANode(path))) return 'names a Node that is gone'
    const { ino, size, mtimeMs } = await lstat(bundle)
    const digest = await this.digestOf(bundle, `${ino} ${size} ${mtimeMs}`)
    return digest === wanted ? null : 'belongs to another version'
  }

  /** Returns whether the program that the small script starts is there. */
  private async namesANode(path: string): Promise<boolean> {
    const [, quoted, plain] = /^exec (?:'([^']+)'|(\S+)) /mu.exec(await readFile(path, 'utf8')) ?? []
    return (await firstExecutable([quoted ?? plain ?? ''])) !== null
  }

  private async digestOf(path: string, stamp: string): Promise<string> {
    const known = this.digests.get(path)
    if (known?.stamp === stamp) return known.digest
    const digest = sha256(await readFile(path))
    this.digests.set(path, { stamp, digest })
    return digest
  }
}
