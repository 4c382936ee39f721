import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Build, build, BUILD_FILE } from '#shared/base/build.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'

/** The program that runs: what it says of itself, and where its bundles lie. */
export interface Program {
  build: Build
  directory: string
}

const read = new Map<string, Promise<Program>>()

/**
 * Returns what runs from `directory`: read once, so that it stays what it was at the start, whatever is built or
 * installed there meanwhile. Throws `internal` where `build.json` is missing or damaged.
 */
export function readProgram(directory: string): Promise<Program> {
  const known = read.get(directory) ?? readAnew(directory)
  read.set(directory, known)
  return known
}

/** Reads `build.json` beside the bundles in `directory`. Throws `internal` where it is missing or damaged. */
async function readAnew(directory: string): Promise<Program> {
  const path = join(directory, BUILD_FILE)
  try {
    return { build: build.parse(JSON.parse(await readFile(path, 'utf8'))), directory }
  } catch (thrown) {
    throw new ProblemError('internal', `${path} does not tell which program this is.`, {
      hint: 'Install Passthrough Studio again; in a checkout, run npm run build.',
      detail: problemOf(thrown).message,
      cause: thrown,
    })
  }
}

/** How this program is called on a terminal. */
export function onTerminal({ build, directory }: Program): string {
  return build.origin === 'package'
    ? 'passthrough-studio'
    : `${shellQuote(build.node)} ${shellQuote(join(directory, 'cli.js'))}`
}

/** Where a package puts its programs. */
const PACKAGED = '/usr/lib/passthrough-studio'

/** Returns which helper the package that is installed now was built with; null: none is, or it does not say. */
export async function packagedDigest(): Promise<string | null> {
  return readAnew(PACKAGED).then(
    ({ build: { helper } }) => helper,
    () => null,
  )
}
