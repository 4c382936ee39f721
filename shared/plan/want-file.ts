import { isUnknown } from '../base/unknown.ts'
import type { Facts } from '../facts/facts.ts'
import type { PlannedChange } from './plan.ts'

interface Wanted {
  path: string
  text: string
  reason: string
  mode?: 0o600 | 0o644 | 0o755
}

/** Whether a file has exactly these bytes now; an unreadable file does not. */
export function hasText(facts: Facts, path: string, text: string): boolean {
  const file = facts.files[path]
  return file !== undefined && file !== null && !isUnknown(file) && file.text === text
}

/** The change that makes a file have these bytes; null when it has them already. Root's, mode 0644, unless said. */
export function wantFile(facts: Facts, wanted: Wanted): PlannedChange | null {
  if (hasText(facts, wanted.path, wanted.text)) return null
  const file = facts.files[wanted.path]
  const present = file !== undefined && file !== null && !isUnknown(file) ? file : null
  return {
    change: {
      kind: 'write-file',
      path: wanted.path,
      text: wanted.text,
      mode: wanted.mode ?? 0o644,
      expected: present === null ? null : present.sha256,
    },
    reason: wanted.reason,
    before: present === null ? null : present.text,
  }
}

export function present<T>(items: readonly (T | null)[]): T[] {
  return items.filter((item) => item !== null)
}
