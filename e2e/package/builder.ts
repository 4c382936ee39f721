import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { execa } from 'execa'
import { z } from 'zod'

export const CHECKOUT = join(import.meta.dirname, '../..')

interface Built {
  exitCode: number
  /** All that was printed. */
  said: string
}

interface Setting {
  checkout?: string
  env?: Record<string, string>
}

/** Runs what `npm run package -- WORDS` runs. */
export async function runBuilder(words: readonly string[], { checkout = CHECKOUT, env = {} }: Setting = {}) {
  const program = ['electron/tools/package.mjs', ...words]
  const { exitCode = -1, all } = await execa(execPath, program, { cwd: checkout, env, reject: false, all: true })
  return { exitCode, said: all } satisfies Built
}

export interface Packages {
  deb: string
  rpm: string
}

/** The two packages in a directory. */
export async function packagesIn(directory: string): Promise<Packages> {
  const named = (end: string) => names.filter((name) => name.endsWith(end)).map((name) => join(directory, name))
  const names = await readdir(directory)
  const [deb, ...moreDebs] = named('.deb')
  const [rpm, ...moreRpms] = named('.rpm')
  if (deb === undefined || rpm === undefined || moreDebs.length + moreRpms.length > 0)
    throw new Error(`${directory} has not one .deb and one .rpm but: ${names.join(', ')}`)
  return { deb, rpm }
}

/** The packages of this checkout as it is, built once a run: the directory for temporary files is the run's own. */
export async function standInPackages(): Promise<Packages> {
  const out = join(tmpdir(), 'packages')
  // A test that failed starts the next ones in another process. The rpm is the last thing a build puts in place.
  const done = existsSync(out) && (await readdir(out)).some((name) => name.endsWith('.rpm'))
  if (!done) {
    const { exitCode, said } = await runBuilder(['--stand-in', '--out', out])
    if (exitCode !== 0) throw new Error(`No package is made:\n${said}`)
  }
  return packagesIn(out)
}

/** The version that the package.json of a directory of this checkout tells. */
export async function versionIn(directory: string): Promise<string> {
  const text = await readFile(join(CHECKOUT, directory, 'package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
