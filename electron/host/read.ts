import type { Reader } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'

/** Text of a file; null: it is not there; unknown: it may not be read. */
export async function readText(reader: Reader, path: string): Promise<OrUnknown<string | null>> {
  const result = await reader.read(path)
  if (result.kind === 'text') return result.text
  return result.kind === 'absent' ? null : unknownBecause(result.why)
}

/** Trimmed text of a one-line file, where absent and unreadable mean the same to the caller. */
export async function readWord(reader: Reader, path: string): Promise<string | null> {
  const result = await reader.read(path)
  return result.kind === 'text' ? result.text.trim() : null
}

/** Names in a directory; an absent directory is empty, an unreadable one unknown. */
export async function listNames(reader: Reader, path: string): Promise<OrUnknown<string[]>> {
  const result = await reader.list(path)
  if (result.kind === 'names') return result.names
  return result.kind === 'absent' ? [] : unknownBecause(result.why)
}

/** Last component of a symbolic link's target; null when there is no link. */
export async function linkName(reader: Reader, path: string): Promise<string | null> {
  const result = await reader.link(path)
  return result.kind === 'target' ? (result.target.split('/').at(-1) ?? null) : null
}
