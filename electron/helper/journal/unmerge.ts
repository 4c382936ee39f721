import { applyPatch, structuredPatch } from 'diff'

/** A word or a quote with the blanks before it: the pieces in which a line of a configuration file is edited. */
const PIECES = /\s*(?:["']|[^\s"']+)|\s+$/gu

/**
 * The text of now without what our change from `before` to `ours` had added, when somebody else has edited the file
 * since: first by whole lines, then by words within a line. Null when the two edits overlap and nobody can tell
 * them apart. The texts are those of one small configuration file.
 */
export function unmerge(now: string, ours: string, before: string): string | null {
  return byLines(now, ours, before, 1) ?? byWords(now, ours, before)
}

/** `context`: how many unchanged lines around ours have to be as they were. */
function byLines(now: string, ours: string, before: string, context: number): string | null {
  const patched = applyPatch(now, structuredPatch('', '', ours, before, '', '', { context }))
  return patched === false ? null : patched
}

function byWords(now: string, ours: string, before: string): string | null {
  const patched = byLines(oneWordALine(now), oneWordALine(ours), oneWordALine(before), 0)
  return patched === null ? null : joinWords(patched)
}

function oneWordALine(text: string): string {
  const pieces = text.match(PIECES) ?? []
  return pieces.map((piece) => `${JSON.stringify(piece)}\n`).join('')
}

function joinWords(lines: string): string {
  const rows = lines.split('\n').filter((row) => row !== '')
  return rows.map((row) => String(JSON.parse(row))).join('')
}
