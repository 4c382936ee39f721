import type { Change } from '#shared/plan/change.ts'

/** A change as the journal keeps it: undo needs the text of a file, not what it was made of. */
export function recorded(change: Change): Change {
  if (change.kind !== 'write-file') return change
  const { kind, path, text, mode, expected } = change
  return { kind, path, text, mode, expected }
}
