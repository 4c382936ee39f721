import type { Reader } from '#shared/base/system.ts'

/** Names in a directory, where absent and unreadable both count as empty for the caller. */
export async function listOrEmpty(reader: Reader, path: string): Promise<string[]> {
  const result = await reader.list(path)
  return result.kind === 'names' ? result.names : []
}
