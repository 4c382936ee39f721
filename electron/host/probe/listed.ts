import { problemOf } from '#shared/base/problem.ts'
import type { Reader } from '#shared/base/system.ts'

/** Names in a directory, where absent and unreadable both count as empty for the caller. */
export async function listOrEmpty(reader: Reader, path: string): Promise<string[]> {
  const result = await reader.list(path)
  return result.kind === 'names' ? result.names : []
}

/** Looks at what recordings of earlier versions do not hold; of such a host the answer is `absent`. */
export async function beforeRecorded<T>(look: () => Promise<T>, absent: T): Promise<T> {
  try {
    return await look()
  } catch (thrown) {
    if (problemOf(thrown).code !== 'bad-recording') throw thrown
    return absent
  }
}
