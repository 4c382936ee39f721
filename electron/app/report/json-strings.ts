const LITERAL = /"(?:[^"\\]|\\.)*"/gu

/**
 * Changes every string of a JSON text, or of one with a JSON value a line, as what it stands for: behind an escape
 * like \n a value looks like part of a word. All other bytes stay. Null: the text is neither.
 */
export function inJsonStrings(text: string, change: (value: string) => string): string | null {
  if (!/^\s*[{[]/u.test(text) || !(isJson(text) || areJsonLines(text))) return null
  return text.replaceAll(LITERAL, (literal) => {
    const value = JSON.parse(literal) as string
    const changed = change(value)
    return changed === value ? literal : JSON.stringify(changed)
  })
}

/** A last line that was cut short by a power loss counts as none. */
function areJsonLines(text: string): boolean {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.some((line) => line !== '') && lines.every((line) => line === '' || isJson(line))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
