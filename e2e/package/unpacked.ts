import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { standInPackages } from './builder.ts'

/** Where the files of the .deb lie unpacked, once a run. */
export async function unpackedDeb(): Promise<string> {
  const place = join(tmpdir(), 'unpacked')
  if (existsSync(place)) return place
  const { deb } = await standInPackages()
  await execa('dpkg-deb', ['--extract', deb, `${place}.new`])
  await rename(`${place}.new`, place)
  return place
}
