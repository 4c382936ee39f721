import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { standInDeb } from '#tools/package.mjs'
import { type Flavour, labCache, labImage } from './image.ts'
import { bootOnce, inGuest } from './machine.ts'

/** Where one boot of the machine installs the package, as an administrator would, and forgets that it was booted. */
const install = (deb: string) => `
apt-get install --yes --no-install-recommends ${inGuest(deb)} || exit 1
dpkg --verify passthrough-studio || exit 1
rm /var/lib/lab/boot
sync
`

/**
 * Path of a flavour's disk on which the package of this checkout is installed: an overlay of the flavour's image, made
 * by booting it once. Kept while image and package are the same.
 */
export async function installedDisk(flavour: Flavour): Promise<string> {
  const image = await labImage(flavour)
  const deb = await standInDeb()
  const hash = createHash('sha256')
  await pipeline(createReadStream(deb), hash)
  const stem = basename(image, '.raw')
  const disk = join(dirname(image), `${stem}-with-${hash.digest('hex').slice(0, 12)}.qcow2`)
  if (existsSync(disk)) return disk
  await forgetOthers(stem)
  const made = `${disk}.new`
  const run = await bootOnce(`install-${stem}`, install(deb), {
    flavour,
    base: { path: image, format: 'raw' },
    keep: made,
  })
  if (run.exitCode !== 0) throw new Error(`The package cannot be installed in the lab:\n${run.log}`)
  await rename(made, disk)
  return disk
}

/** What the run's set-up has prepared for it: the same for all its tests, whatever is edited meanwhile. */
const PREPARED = join(import.meta.dirname, '../artifacts/lab-disk')

/** Makes the workstation's disk ready and notes where it is. */
export async function prepareDisk(): Promise<void> {
  const disk = await installedDisk('workstation')
  await mkdir(dirname(PREPARED), { recursive: true })
  await writeFile(PREPARED, disk)
}

/** The disk a test starts from. */
export async function preparedDisk(flavour: Flavour): Promise<string> {
  return flavour === 'workstation' ? readFile(PREPARED, 'utf8') : installedDisk(flavour)
}

/** Disks with earlier packages are of no use any more. */
async function forgetOthers(stem: string): Promise<void> {
  const directory = join(labCache(), 'lab')
  for (const name of await readdir(directory)) if (name.startsWith(`${stem}-with-`)) await rm(join(directory, name))
}
