import { isUnknown } from '../base/unknown.ts'
import type { Facts } from '../facts/facts.ts'

/** Returns whether a file has exactly these bytes now; an unreadable file does not. */
export function hasText(facts: Facts, path: string, text: string): boolean {
  const file = facts.files[path]
  return file !== undefined && file !== null && !isUnknown(file) && file.text === text
}

export function present<T>(items: readonly (T | null)[]): T[] {
  return items.filter((item) => item !== null)
}
