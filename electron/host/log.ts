import { appendFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stderr } from 'node:process'
import { xdgHome } from './xdg.ts'

/** Past this many bytes a log is put aside, and the one before it goes. */
const FULL_BYTES = 256 * 1024

/** Where this program notes what went wrong without anybody to tell it to; a report shows it, redacted. */
export function logPath(): string {
  return join(xdgHome('state'), 'passthrough-studio/studio.log')
}

let last: Promise<void> = Promise.resolve()

/** Notes something in the log, and on the standard error stream. Never throws; lines keep their order. */
export function note(text: string): void {
  stderr.write(`${text}\n`)
  last = last
    .then(() => append(logPath(), `${new Date().toISOString()} ${text}\n`))
    .catch(() => {
      stderr.write('The log cannot be written.\n')
    })
}

/** Settles once everything that was noted is written. */
export function noted(): Promise<void> {
  return last
}

async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > FULL_BYTES) await rename(path, `${path}.1`)
  await appendFile(path, line, { mode: 0o600 })
}
