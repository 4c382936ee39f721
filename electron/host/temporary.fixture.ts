import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Makes an empty directory, which goes with all that is in it when the test that asked for it ends. */
export async function temporaryDirectory(prefix = 'test'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `${prefix}-`))
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}
