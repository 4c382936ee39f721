import { writeFile } from 'node:fs/promises'
import { errnoOf } from '#host/file-reader.ts'
import { ProblemError } from '#shared/base/problem.ts'

/** Writes a file of the user's own choosing. Throws `permission` with the reason. */
export async function writeText(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content)
  } catch (thrown) {
    throw new ProblemError('permission', `${path} cannot be written: ${errnoOf(thrown)}.`, {
      hint: 'Choose another place.',
      cause: thrown,
    })
  }
}
